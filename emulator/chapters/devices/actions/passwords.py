"""The password rule of servers (物理服务器相关接口/重置密码.md; purchase and reinstallation have the same).

Linux: 8 to 16 characters of at least two kinds: letters, digits, special characters. Windows: 12 to 16 characters of at
least three kinds: small letters, capitals, digits, special characters; without "Administrator".
"""

RULES = {
    "linux": "8 to 16 characters of at least two kinds: letters, digits, ()'~!@#$%^&*-+=_{}[]:;|<>,.?/",
    "xserver": "12 to 16 characters of at least three kinds: small letters, capitals, digits, "
    "()'~!@#$%^&*-+=_{}[]:;|<>,.?/; without Administrator",
}
"""In words, by family of systems."""
_SPECIAL = set("()'~!@#$%^&*-+=_{}[]:;|<>,.?/")
_LINUX_LENGTH = range(8, 17)
_LINUX_KINDS = 2
_WINDOWS_LENGTH = range(12, 17)
_WINDOWS_KINDS = 3


def is_allowed(password: str, os_type: str) -> bool:
    used = (
        any(character in _SPECIAL for character in password),
        any(character.isdigit() for character in password),
        any(character.islower() for character in password),
        any(character.isupper() for character in password),
    )
    if not all(character in _SPECIAL or (character.isascii() and character.isalnum()) for character in password):
        return False
    if os_type == "linux":
        special, digit, lower, upper = used
        return len(password) in _LINUX_LENGTH and special + digit + (lower or upper) >= _LINUX_KINDS
    strong = len(password) in _WINDOWS_LENGTH and sum(used) >= _WINDOWS_KINDS
    return strong and "administrator" not in password.lower()
