"""A common mistake: import that is not there."""



def run() -> None:
    pass
