# %% [markdown]
# # How good is it?
#
# Figures on annotated corpora that are not part of this project, calibration, and what goes wrong. The tables come from `docs/figures.json`, which holds what the scripts of `evaluation/` printed; nothing is measured here but the last part.

# %%
import json
from pathlib import Path

import pandas

figures = json.loads(Path("../docs/figures.json").read_text(encoding="utf-8"))
pandas.DataFrame(figures)[["page", "heading"]]

# %% [markdown]
# ## Finding place names
#
# Held-out texts. "both" is the default: dictionary and tagger together. F1 `clitic` forgives a proclitic or the article at the edge of a span.

# %%
named = {table["heading"].partition(":")[0]: table["rows"] for table in figures}
recognition = pandas.DataFrame(named["Recognition"])
recognition.pivot(index="recognition, held out", columns="reader", values="F1 clitic")

# %% [markdown]
# ## Which place a name means
#
# Share of names put into the bounding box of the annotated place, by type of place. Countries, provinces and cities are reliable; streets, quarters and single buildings mostly are not, because no open gazetteer lists them.

# %%
pandas.DataFrame(named["Resolution"]).set_index("resolution")

# %% [markdown]
# ## Is a confidence of 0.8 right eight times in ten?
#
# The reading of a name (a place, a government, an adjective, a body) comes with a confidence. On the diagonal it means what it says.

# %%
from IPython.display import SVG

SVG("../docs/img/readings.svg")

# %%
bins = next(t["rows"] for t in figures if t["rows"] and "mean confidence" in t["rows"][0])
pandas.DataFrame(bins).set_index("confidence")

# %% [markdown]
# ## What goes wrong
#
# Four sentences of our own: a quarter no open gazetteer lists (found, without a point), a street named by a date, a town whose name looks too much like a common word to be taken without more evidence, and one that is taken for the name of a person. What is not in the table was not found.

# %%
import geo

hard = [
    "افتتح الوزير مدرسة في حي الزهور.",
    "تعطلت الحركة في شارع 26 يوليو.",
    "وفي البريقة خرجت مظاهرة.",
    "زار الوزير رداع أمس.",
]
mentions = geo.to_geodataframe([geo.parse(text, id=text) for text in hard], table="mentions")
mentions[["doc_id", "text", "reading", "name", "country", "confidence", "reasons"]]

# %% [markdown]
# Corpora of this kind flatter: rules and limits were tuned on the development parts of the same corpora. `docs/evaluation.md` and `docs/readings.md` say by how much, and what a fresh sample gave.

# %%
pandas.DataFrame(next(t["rows"] for t in figures if t["heading"] == "What these figures do not say"))
