"""The web console, in the browser that most people have."""
