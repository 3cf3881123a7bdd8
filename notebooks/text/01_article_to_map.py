# %% [markdown]
# # From an Arabic article to a map
#
# Three calls: read the text, make a table, draw the map. Then a closer look at what the program understood, and at what it is not sure of. Nothing here uses the network.

# %% tags=["parameters"]
article = "samples/libya-russia.txt"
published = "2018-11-07"

# %%
from pathlib import Path

import geo

text = Path(article).read_text(encoding="utf-8")
document = geo.parse(text, id=Path(article).stem, date=published, title="Samples")
events = geo.to_geodataframe([document])
mentions = geo.to_geodataframe([document], table="mentions")
geo.event_map(events, mentions, title="Samples")

# %% [markdown]
# Click a marker, or reach it with the Tab key and press Enter. Each one shows the sentence it comes from, the row of the gazetteer, the runners-up and why they lost.
#
# ## What happened, where and when
#
# One row is one event in one article. `where_prec` is the UCDP code (1 exact place … 7 sea or air); an event whose place the text does not give has no point, and stays in the table.

# %%
columns = ["type", "modality", "date_start", "edtf", "name", "where_prec", "uncertainty_km", "quote"]
events[columns]

# %%
events[events.geometry.isna()][["type", "modality", "date_text", "quote"]]

# %% [markdown]
# ## Every place name, and what it stands for
#
# In news of this kind most place names are not where something happened: *Moscow* is a government, *Libyan* an adjective, *the parliament of Tobruk* a body.

# %%
mentions["reading"].value_counts()

# %%
mentions[["text", "reading", "name", "country", "confidence", "reasons"]].head(12)

# %% [markdown]
# ## "South of Cyprus" is a piece of sea
#
# A relative expression becomes a footprint: a geometry on the ellipsoid, clipped to sea or land where the text says so, with its uncertainty.

# %%
for footprint in document.footprints:
    print(footprint.text, "|", footprint.relation, "|", footprint.uncertainty_km, "km |", footprint.reasons[:1])

# %% [markdown]
# ## Keep it: one HTML file, no network

# %%
geo.save_map(geo.event_map(events, mentions, title="Samples"), "../out/article.html")
assert events.geometry.notna().any(), "no event of this article has a place"
