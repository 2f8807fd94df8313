"""The Telegram door: an update becomes an Incoming, a Reply becomes messages and buttons. It decides nothing.

Only this room imports aiogram, which takes seconds: import `bot.door` where it is needed, not before.
"""
