"""Say what a text tells: its mentions, their readings and places, relations, dates and events.

`Geoparser` in `geo.reading.pipeline` composes the rooms of this wing; each can be used alone.
"""
