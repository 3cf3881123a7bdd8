# %% [markdown]
# # "South of", "off the coast", "50 km east of": relative places and their doubt
#
# News seldom gives a point. A relative expression becomes a footprint: the shape in which it may have happened, drawn as such and never as a false-precise dot.

# %%
sentences = [
    "أجرت سفن حربية تدريبات جنوبي قبرص.",
    "سقطت طائرة استطلاع على بعد 50 كيلومترا شرق أجدابيا.",
    "وقعت اشتباكات على الطريق بين سرت ومصراتة.",
    "أنقذ خفر السواحل مهاجرين قبالة سواحل زوارة.",
    "قصف الطيران مواقع في ريف حلب الشمالي.",
    "اندلعت معارك في محيط مدينة تعز.",
]

# %%
import geo

documents = [geo.parse(sentence, id=f"s{number}") for number, sentence in enumerate(sentences, 1)]

# %% [markdown]
# ## What was understood
#
# The relation, its bearing and distance, the radius that holds the true place in nine cases of ten, and the rule behind it.

# %%
import geopandas
from shapely.geometry import shape

footprints = [footprint for document in documents for footprint in document.footprints]
columns = ["text", "relation", "bearing_deg", "distance_km", "uncertainty_km", "where_prec", "reasons"]
table = geopandas.GeoDataFrame(
    [{name: getattr(footprint, name) for name in columns} for footprint in footprints],
    geometry=[shape(footprint.geometry) for footprint in footprints],
    crs="EPSG:4326",
)
table[columns]

# %% [markdown]
# ## The shapes
#
# A direction is a sector, a distance a ring, a road a corridor, a coast a strip of sea. Sea expressions are cut at the shore, land expressions at the sea.

# %%
areas = table.to_crs("ESRI:54034").area / 1e6
table.assign(area_km2=areas.round(-1))[["text", "relation", "area_km2"]]

# %%
events = geo.to_geodataframe(documents)
geo.event_map(events, title="Relative places")

# %% [markdown]
# ## Precision codes
#
# `where_prec` is the UCDP code (1 exact … 7 sea or air), `geo_precision` the ACLED one. A table for people who code by hand can be filtered by them.

# %%
events[["place_text", "name", "rel_type", "rel_bearing_deg", "rel_distance_km", "where_prec", "geo_precision"]]

# %% [markdown]
# ## When the text does not say where
#
# That is an answer too: no point is invented.

# %%
nowhere = geo.parse("وقعت الشركة اتفاقا لتوريد الأسلحة في مكان لم يكشف عنه.")
geo.to_geodataframe(nowhere)[["type", "geometry", "quote", "reasons"]]
