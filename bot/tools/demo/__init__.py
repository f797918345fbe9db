"""The demo: the sample list through a whole year in a terminal, told in scenes."""
