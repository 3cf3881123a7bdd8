# %% [markdown]
# # Geocode a column of place names
#
# A list of names, Arabic or Latin, in a DataFrame: look them up, see how each was found, put them on a map. No text is read here, and nothing uses the network.

# %% tags=["parameters"]
names = ["أجدابيا", "طبرق", "وبطرابلس", "حميميم", "اللاذقيه", "Ajdabiya", "Latakia", "Benghazi", "لا مكان بهذا الاسم"]

# %%
import geo
import pandas as pd

table = pd.DataFrame({"name_given": names})
places = geo.geocode(table["name_given"])
places

# %% [markdown]
# The result keeps the index of the input. `status` says what came of each name; a name that is not found has no point and never a guess. A country narrows a name that several places bear:

# %%
geo.geocode(["طرابلس", "طرابلس"], country=["LY", "LB"])[["name", "country", "score", "geometry"]]

# %% [markdown]
# ## On a map

# %%
found = places[places.geometry.notna()]
geo.event_map(found, title="Names")

# %% [markdown]
# ## The other way: from a point to a place

# %%
geo.reverse_geocode([(13.19, 32.89), (35.94, 35.40)])

# %%
assert places.geometry.notna().sum() >= len(names) - 2
