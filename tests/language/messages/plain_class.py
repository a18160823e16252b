"""A common mistake: plain class."""



class Lamp:
    on: bool = False
