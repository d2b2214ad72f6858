"""The inventory as a person reads and sets it, so that a test reaches any situation in one step.

What a change asks for is checked: an unknown field, a value that nothing ever has, or a state that cannot be is refused
with the reason. Everything here is called within the caller's transaction, so that a refused change changes nothing.
"""
