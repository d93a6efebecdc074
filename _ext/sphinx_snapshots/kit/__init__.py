"""What the extensions share. It knows Sphinx and files, and no extension."""
