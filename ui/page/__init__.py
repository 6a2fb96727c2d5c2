"""The web page that employees, trainers, supervisors and managers work in: Gradio mounted on FastAPI, fully offline."""
