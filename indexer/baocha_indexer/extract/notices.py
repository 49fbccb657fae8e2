"""Warnings that several readers give."""

from baocha_indexer.messages import Message, counted


def hidden_text(characters: int) -> Message:
    """Return the warning for text that the file marks as hidden and that was left out."""
    return Message(
        zh=f"隐藏文字 {characters:,} 字，未读取",
        en=f"{counted(characters, 'hidden character')} {'was' if characters == 1 else 'were'} left out",
    )


def signed(signatures: int) -> Message:
    """Return the warning for a file with electronic signatures or seals. They are not verified."""
    what = "signature or seal was" if signatures == 1 else "signatures or seals were"
    return Message(
        zh=f"有 {signatures} 个电子签名或签章，未作核验；印章图像中的文字未读取",
        en=f"{signatures} electronic {what} not verified; text in the image of a seal was not read",
    )
