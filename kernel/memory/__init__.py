"""Free blocks, page tables, and the raw bytes behind them."""
