"""kill -9 in a loop: load on one or two processes with a link between them, and a judge who believes acknowledgements."""
