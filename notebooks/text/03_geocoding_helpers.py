# %% [markdown]
# # A column of names, and what to do with it
#
# You have a table with a column of place names, in Arabic or Latin letters, as people wrote them. You read no news and run no server. This notebook takes such a column to points, looks at the names that were not found, teaches the gazetteer the places only you know, and shows how code that speaks geopy or geopandas goes on as it is. Nothing here uses the network. The table is invented.

# %% tags=["parameters"]
sites_file = "samples/sites.csv"
own_places = "samples/field-places.csv"
own_corrections = "samples/field-corrections.csv"

# %% [markdown]
# What you add to the gazetteer lies in a data folder of yours. For this notebook it is a temporary one; leave the cell out, and it is the one your system keeps for you.

# %%
import os
import tempfile

home = tempfile.TemporaryDirectory()
os.environ["GEO_HOME"] = home.name

# %% [markdown]
# ## From the table to points
#
# The columns beside the name are evidence: a country, by code or by name, decides between the places of one name. The rows and the index stay as they are, and `status` says what came of each.

# %%
import pandas as pd

import geo

pd.set_option("display.max_colwidth", None)
table = pd.read_csv(sites_file)
places = geo.geocode(table, name="site", country="land", admin="province")
places[["site", "land", "name", "name_ar", "match", "score", "status"]]

# %%
places["status"].value_counts()

# %% [markdown]
# Two kinds of rows want your eyes: what is not found (`none`) has no point, and what is only `similar` is a proposal to be checked. Each says why:

# %%
doubtful = places[places["status"].isin(["none", "similar"])]
doubtful.assign(reason=doubtful["reasons"].str[0])[["site", "name", "score", "status", "reason"]]

# %% [markdown]
# ## One name, looked at closely
#
# `search` is the look-up beneath. However the name is spelled, the place is the same; the kind of the match and the reasons tell how much was needed to find it.

# %%
from geo.places import near_misses, search
from geo.places.hierarchy import hierarchy

gazetteer = geo.Gazetteer.open()
spellings = ["أجدابيا", "اجدابيا", "وأجدابيا", "Ajdabiya", "Ajdābiyā", "Agedabia"]
found = [search(gazetteer, spelling, country="LY")[0] for spelling in spellings]
rows = [(hit.place.name_ar, hit.kind.value, hit.reasons[0]) for hit in found]
pd.DataFrame(rows, index=spellings, columns=["place", "match", "reason"])

# %% [markdown]
# What came close and was not taken, and what a place lies in:

# %%
print(near_misses(gazetteer, "طبرق", country="SY")[0].reason)
print(hierarchy(gazetteer, found[0].place).address("ar"))

# %% [markdown]
# ## Places that only you know
#
# A table of your own places becomes a *pack* beside the shipped gazetteer (on the command line: `geo gazetteer add csv FILE`). Rows that cannot be read are counted and listed, licence and attribution travel with each place. `geo gazetteer add` also takes what GeoNames, Who's On First, Wikidata, OpenStreetMap, OCHA, Natural Earth and the World Historical Gazetteer publish.

# %%
from pathlib import Path

from geo.places.packs_change import add_pack
from geo.places.sources import importer

about = {"title": "Places of the field office", "licence": "CC0-1.0"}
added = add_pack(importer("csv"), [Path(own_places)], name="field", options=about)
print(f"{added.places} places with {added.names} names, {added.rejected} rows rejected")

# %% [markdown]
# A single correction needs less: a row in a table that wins over everything else and names its author. In your data folder it is called `overlay.csv`.

# %%
gazetteer = geo.Gazetteer.open(overlay=own_corrections)
places = geo.geocode(table, name="site", country="land", admin="province", gazetteer=gazetteer)
places[["site", "name", "name_ar", "match", "status", "place_id"]].tail(5)

# %% [markdown]
# *طبرق* stays without a point: it is no place in Syria, the table says something wrong, and somebody should look at that row.
#
# ## The other way: from points to names
#
# The nearest town with distance and direction, and province, country or sea by the point itself, in Arabic or English.

# %%
points = [(20.31, 30.69), (35.94, 35.40), (18.0, 34.0)]  # lon, lat
geo.reverse_geocode(points, language="ar", gazetteer=gazetteer)[
    ["name", "distance_km", "bearing_deg", "admin1_name", "country_name", "sea"]
]

# %% [markdown]
# ## In code that speaks geopy
#
# `ArabicGazetteer` has the calls of any geopy geocoder. geopy says lat, lon; everything else here says lon, lat.

# %%
geocoder = geo.ArabicGazetteer(gazetteer)
tripoli = geocoder.geocode("طرابلس", country_codes="LB", language="en")
print(tripoli.address, tripoli.point.format_decimal())
print(geocoder.reverse((32.89, 13.19), language="ar").address)
[(other["name"], other["country"]) for other in geocoder.geocode("طرابلس").raw["candidates"]]

# %% [markdown]
# In geopandas' helper it is a provider like the others. (The helper keeps address and point only, and loses rows whose label repeats: for a column, `geo.geocode` tells more.)

# %%
import geopandas

geopandas.tools.geocode(table["site"].dropna().head(5), provider=geocoder)

# %% [markdown]
# ## Ask others for the rest, if you choose to
#
# A chain asks the gazetteer first and a service that you configured only for what is missing: with a pace, a cache, and its attribution in each answer. The service here has an address that leads nowhere, so that this notebook stays offline: what the gazetteer knows is answered without it, and for the rest the chain says that it could not be reached.

# %%
from geopy.geocoders import Nominatim

from geo.geocoding import Chain

service = Nominatim(domain="localhost:9", scheme="http", user_agent="my-project", timeout=1)
chain = Chain([geocoder, service], cache=Path(home.name) / "answers.sqlite")
tobruk = chain.geocode("طبرق", language="en")
print(tobruk.address, "|", tobruk.raw["provider"], "|", tobruk.raw["attribution"])
print(chain.ask("شارع الوادي ١٢").problems)

# %% [markdown]
# ## On a map, and into a file

# %%
Path("../out").mkdir(exist_ok=True)
places.to_file("../out/sites.gpkg")
known = places[places.geometry.notna()]
geo.event_map(known, title="Sites")

# %%
assert len(places) == len(table)
assert set(known["status"]) <= {"found", "ambiguous", "similar"}
home.cleanup()
