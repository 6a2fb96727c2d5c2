"""What people touch: the command line and the web page. May import every part."""
