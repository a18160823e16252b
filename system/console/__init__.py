"""The console service: every program's output and the person's input share one serial line."""
