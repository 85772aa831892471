"""What `twinline connector new` writes: the folder `tiny_tracker` under another name, with a project around it."""
