# %% [markdown]
# # Bring your own table
#
# Tables in the format of ACLED or UCDP GED, and lists of your own with Arabic or English headers (CSV, TSV, Excel), become the same table of events that articles give: one map, one export for all. The samples are invented.

# %% tags=["parameters"]
mine = "samples/my-list.csv"

# %%
from geo.geocoding import read_events

own = read_events(mine)
own.mapping

# %% [markdown]
# The mapping says which header was taken for what; `read_events(path, {"place_text": "Where"})` overrides it. Rows without degrees were looked up, country and division being evidence, and months of three naming systems were read.

# %%
own.events[["date_text", "edtf", "place_text", "name", "country", "uncertainty_km", "status", "reasons"]]

# %% [markdown]
# The last row names a place nobody knows: it stays in the table, without a point.
#
# ## The formats of ACLED and UCDP
#
# Codes are kept and translated to the nearest type; codes of precision become a radius that is drawn. A row that makes no sense is rejected with its number and the reason, never dropped in silence.

# %%
acled = read_events("samples/acled-format.csv")
ucdp = read_events("samples/ucdp-format.csv")
for item in (*acled.rejected, *ucdp.rejected):
    print(item)

# %%
import geopandas
import pandas

events = geopandas.GeoDataFrame(pandas.concat([own.events, acled.events, ucdp.events], ignore_index=True))
events[["event_id", "type", "acled", "edtf", "name", "where_prec", "uncertainty_km"]]

# %% [markdown]
# ## One map for all of them

# %%
import geo

geo.event_map(events, title="Three tables, one map")

# %% [markdown]
# ## Back to a file
#
# The suffix decides: `.csv`, `.parquet`, `.geojson`, `.gpkg`.

# %%
from geo.tables import write_table

write_table(events, "../out/own-tables.csv")
assert events["event_id"].is_unique
