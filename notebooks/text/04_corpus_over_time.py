# %% [markdown]
# # A corpus of articles, a table of events, a map over time
#
# Three hundred short articles of our own writing (their events are invented, their places real) become one table and one map with a time bar. To use articles of your own, name your folder or file below: `.txt` files, or `.jsonl` with one `{"id", "text", "date"}` a line.

# %% tags=["parameters"]
corpus = "samples/corpus/articles.jsonl"

# %%
import geo
from geo.tables import Rejected, read_articles

articles = list(read_articles([corpus]))
rejected = [item for item in articles if isinstance(item, Rejected)]
print(f"{len(articles) - len(rejected)} articles read, {len(rejected)} rejected")

# %% [markdown]
# ## From articles to events
#
# `parse_many` reads a stream; with `workers=2` it would use two processes. Every row of the table is one event in one article, with its sentence.

# %%
documents = list(geo.parse_many(article for article in articles if not isinstance(article, Rejected)))
events = geo.to_geodataframe(documents)
events[["date_start", "type", "modality", "name", "country", "where_prec", "quote"]].head(8)

# %% [markdown]
# ## What is in the table
#
# Events that are only planned or threatened are kept and marked; events without a place stay in the table.

# %%
events.groupby(["country", "modality"], observed=True, dropna=False).size().unstack(fill_value=0)

# %%
years = events["date_start"].dt.year.rename("year")
events.groupby([years, "type"], observed=True).size().unstack(fill_value=0)

# %% [markdown]
# ## The map over time
#
# Drag the ends of the time bar, or press play. Filters, clusters and the list follow; undated events have a bin of their own.

# %%
geo.event_map(events, title="A corpus of samples")

# %% [markdown]
# ## Keep it
#
# One HTML file for readers, GeoParquet and CSV for the next program.

# %%
from geo.tables import write_table

geo.save_map(geo.event_map(events, title="A corpus of samples"), "../out/corpus.html")
write_table(events, "../out/corpus.parquet")
write_table(events, "../out/corpus.csv")
assert len(events) > len(documents), "fewer events than articles: is this the right corpus?"
