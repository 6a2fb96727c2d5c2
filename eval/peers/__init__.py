"""Other people's pipelines on the same documents and questions: ``python -m eval.peers``. The product never imports this."""
