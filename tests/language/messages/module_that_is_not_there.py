"""A common mistake: module that is not there."""



def run() -> None:
    pass
