"""The whole platform on one machine, without Docker: real servers and Playlog's own processes as children."""
