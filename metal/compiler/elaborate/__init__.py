"""From syntax trees to typed IR: names, types, narrowing and lowering, one file an idea."""
