"""Tables and figures, each a function of the study and, once there, its results."""
