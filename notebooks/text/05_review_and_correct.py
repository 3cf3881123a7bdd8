# %% [markdown]
# # Review and correct
#
# A program that reads news errs, and its reader often knows better. In this story a correspondent in Lebanon writes "Tripoli" and does not say which. The program takes the capital of Libya; a person sets it right once, and every later run honours that.

# %%
text = (
    "وصل وفد من الأمم المتحدة إلى طرابلس صباح الثلاثاء، والتقى ممثلين عن السكان. "
    "وقالت موسكو إنها تتابع الزيارة. "
    "وتظاهر مئات في طرابلس مساء الأربعاء احتجاجا على غلاء الأسعار."
)
published = "2019-10-24"
log = "../out/corrections.jsonl"
who = "Nadia"

# %%
import geo

document = geo.parse(text, id="letter-from-the-north", date=published, title="Letter from the north")
document

# %% [markdown]
# Both mentions of طرابلس went to Libya. Hold the pointer over a name to see its place.
#
# ## The review widget
#
# Choose a name and its place: click, or use the keys. `j` and `k` walk, `1` to `9` choose a candidate, `0` none of them, `e` means every mention of the name, `r` changes the reading, `a` accepts, `x` rejects, `u` takes back, `t` goes to the events, `?` lists the keys. The widget speaks Arabic or English (`l`).

# %%
widget = geo.review(document, log, who=who)
widget

# %% [markdown]
# ## The same from Python
#
# What a key does can be asked for in a line: here the Tripoli of Lebanon, for every mention, with the reason that will stand beside it for good.

# %%
tripoli = widget.items["mentions"][0]
[(place["name"], place["country"], place["score"], place["km"]) for place in tripoli["candidates"]]

# %%
lebanon = next(place["id"] for place in tripoli["candidates"] if place["country"] == "LB")
widget.act(
    {"do": "place", "start": tripoli["start"], "id": lebanon, "all": True, "why": "the paper is printed in Tripoli"}
)
widget.corrections()

# %% [markdown]
# The events follow their places, and each says by whom it was moved, when and why.

# %%
geo.to_geodataframe(widget.document)[["type", "name", "country", "reasons"]]

# %%
geo.event_map(geo.to_geodataframe(widget.document), title="Letter from the north", height=420)

# %% [markdown]
# ## The next run honours it
#
# The log is a small file to which lines are only ever added. Any later parse takes it, with another version of the program or of the gazetteer too; `geo parse --corrections FILE` does the same. What the program now reads against a correction is told in `document.notes`, and the correction stands.

# %%
again = geo.parse(text, id="letter-from-the-north", date=published, corrections=log)
[(mention.text, mention.place and mention.place.country) for mention in again.mentions], again.notes

# %%
assert [mention.place.country for mention in again.mentions if mention.text == "طرابلس"] == ["LB", "LB"]
