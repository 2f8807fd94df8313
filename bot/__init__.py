"""The Telegram door: an update becomes an Incoming, a Reply becomes messages and buttons. It decides nothing.

Only this room imports aiogram, and of it only `bot.polling`, since that takes seconds.
"""
