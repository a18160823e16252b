"""How a process is made from the bundle and the plan: root does it at boot, the supervisor again after a failure."""
