"""Warnings that several readers give."""

from baocha_indexer.messages import Message


def hidden_text(characters: int) -> Message:
    """Return the warning for text that the file marks as hidden and that was left out."""
    return Message(
        zh=f"隐藏文字 {characters:,} 字，未读取",
        en=f"{characters:,} hidden characters were left out",
    )


def signed(signatures: int) -> Message:
    """Return the warning for a file with electronic signatures or seals. They are not verified."""
    return Message(
        zh=f"有 {signatures} 个电子签名或签章，未作核验；印章图像中的文字未读取",
        en=f"{signatures} electronic signatures or seals were not verified; "
        "text in the image of a seal was not read",
    )
