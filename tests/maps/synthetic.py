"""Tables written by hand for the map's tests: sentences of our own, with every kind of place."""

import geopandas as gpd
import shapely

COLUMNS = [
    "event_id",
    "date_start",
    "date_end",
    "date_precision",
    "date_text",
    "type",
    "plover",
    "modality",
    "actors",
    "place_text",
    "name",
    "name_ar",
    "place_id",
    "country",
    "geometry",
    "footprint",
    "uncertainty_km",
    "where_prec",
    "geo_precision",
    "location_role",
    "quote",
    "quote_start",
    "trigger_text",
    "place_start",
    "trigger_start",
    "doc_id",
    "doc_url",
    "doc_title",
    "doc_publisher",
    "doc_date",
    "candidates",
    "reasons",
    "n_reports",
    "confidence",
    "gazetteer_version",
    "license",
    "attribution",
]

GEONAMES = "GeoNames (geonames.org), CC BY 4.0"


def point(lon, lat):
    return shapely.Point(lon, lat)


def actor(text, role="participant", country=""):
    return {"text": text, "role": role, "country": country}


def candidate(identifier, name, name_ar, country, lon, lat, score):
    return {
        "id": identifier,
        "name": name,
        "name_ar": name_ar,
        "country": country,
        "lon": lon,
        "lat": lat,
        "score": score,
    }


def event(number, quote, kind, trigger, place="", **cells):
    """Make one row; offsets are taken from the quote, which starts at code point 100 of its document."""
    row = dict.fromkeys(COLUMNS)
    row.update(
        event_id=f"e{number}",
        type=kind,
        modality="asserted",
        quote=quote,
        quote_start=100,
        trigger_text=trigger,
        trigger_start=100 + quote.index(trigger),
        place_text=place or None,
        doc_id="sample-1",
        place_start=100 + quote.index(place) if place else None,
        location_role="event" if place else None,
        doc_url="https://example.org/articles/1",
        doc_title="يوميات الساحل: ما جرى بين سرت وبنغازي",
        doc_publisher="جريدة المثال",
        doc_date="2017-03-02",
        n_reports=1,
        confidence=0.8,
        license="MIT",
        attribution=GEONAMES if place else None,
    )
    row.update(cells)
    return row


TRIPOLI = [
    candidate("geonames:2210247", "Tripoli", "طرابلس", "LY", 13.19, 32.89, 0.91),
    candidate("geonames:266826", "Tripoli", "طرابلس", "LB", 35.84, 34.43, 0.08),
]
SEA_SOUTH = shapely.Polygon([(32.0, 34.5), (33.9, 34.6), (34.3, 33.6), (33.2, 33.1), (31.9, 33.5)])
SEA_OFF = shapely.Polygon(
    [(12, 33.2), (15.2, 32.6), (18, 30.9), (20, 31.4), (20.5, 33), (24.5, 32.5), (24.6, 33.5), (12, 34.3)]
)


def event_rows():
    tripoli = {
        "name": "Tripoli",
        "name_ar": "طرابلس",
        "place_id": "geonames:2210247",
        "country": "LY",
        "geometry": point(13.19, 32.89),
        "uncertainty_km": 8.0,
        "where_prec": 1,
        "geo_precision": 1,
        "candidates": TRIPOLI,
        "reasons": [
            "the article names Benghazi and Sirte, both in Libya",
            "capital of the country named in the title",
        ],
    }
    return [
        event(
            1,
            "سقطت طائرة استطلاع مسيّرة في مدينة أجدابيا قبل نحو عام من تلك الزيارة.",
            "aircraft_loss",
            "سقطت",
            "أجدابيا",
            name="Ajdabiya",
            name_ar="أجدابيا",
            place_id="geonames:89113",
            country="LY",
            geometry=point(20.2263, 30.7554),
            uncertainty_km=5.0,
            where_prec=1,
            geo_precision=1,
            date_text="قبل نحو عام",
            date_start="2016-01-01",
            date_end="2016-12-31",
            date_precision=5,
            actors=[actor("طائرة روسية", "target", "RU")],
            confidence=0.74,
            reasons=["exact name in the gazetteer", "the head word 'مدينة' asks for a town"],
        ),
        event(
            2,
            "وصل الوفد إلى طرابلس في يناير 2010 حيث وُقعت صفقة سلاح كبيرة.",
            "visit",
            "وصل",
            "طرابلس",
            date_text="في يناير 2010",
            date_start="2010-01-01",
            date_end="2010-01-31",
            date_precision=4,
            actors=[actor("الوفد", "source", "RU")],
            confidence=0.88,
            **tripoli,
        ),
        event(
            3,
            "شهدت طرابلس عام 2008 أول لقاء بين الرجلين.",
            "meeting",
            "لقاء",
            "طرابلس",
            date_text="عام 2008",
            date_start="2008-01-01",
            date_end="2008-12-31",
            date_precision=5,
            confidence=0.81,
            **tripoli,
        ),
        event(
            4,
            "تظاهر المئات وسط طرابلس احتجاجًا على انقطاع الكهرباء.",
            "protest",
            "تظاهر",
            "طرابلس",
            confidence=0.66,
            **tripoli,
        ),
        event(
            5,
            "انطلق جسر جوي من قاعدة حميميم الجوية في اللاذقية لإجلاء المصابين.",
            "airlift",
            "جسر جوي",
            "قاعدة حميميم الجوية",
            name="Khmeimim Air Base",
            name_ar="قاعدة حميميم",
            place_id="curated:hmeimim",
            country="SY",
            geometry=point(35.95, 35.41),
            uncertainty_km=3.0,
            where_prec=1,
            geo_precision=1,
            location_role="origin",
            confidence=0.9,
            attribution="geo curated gazetteer, MIT",
        ),
        event(
            6,
            "ونفذت السفن تدريبات بالذخيرة الحية جنوبي قبرص.",
            "exercise",
            "تدريبات",
            "جنوبي قبرص",
            name="south of Cyprus",
            name_ar="جنوبي قبرص",
            geometry=point(33.1, 33.9),
            footprint=shapely.to_wkb(SEA_SOUTH),
            uncertainty_km=95.0,
            where_prec=7,
            geo_precision=3,
            confidence=0.55,
            reasons=["a direction from an island, told of ships: the sea south of it"],
        ),
        event(
            7,
            "عززت القوات البحرية وجودها في المنطقة المقابلة للسواحل الليبية.",
            "deployment",
            "عززت",
            "المنطقة المقابلة للسواحل الليبية",
            name="off the coast of Libya",
            name_ar="قبالة سواحل ليبيا",
            geometry=point(18.3, 32.6),
            footprint=shapely.to_wkb(SEA_OFF),
            uncertainty_km=420.0,
            where_prec=7,
            geo_precision=3,
            confidence=0.52,
            actors=[actor("القوات البحرية", "source", "RU")],
        ),
        event(
            8,
            "اندلعت اشتباكات عنيفة قرب سرت فجر 3 مارس 2017.",
            "clash",
            "اشتباكات",
            "قرب سرت",
            name="Sirte",
            name_ar="سرت",
            place_id="geonames:2210554",
            country="LY",
            geometry=point(16.5887, 31.2089),
            uncertainty_km=18.0,
            where_prec=2,
            geo_precision=2,
            date_text="فجر 3 مارس 2017",
            date_start="2017-03-03",
            date_end="2017-03-03",
            date_precision=1,
            confidence=0.83,
        ),
        event(
            9,
            "وعد القائد بأن الجيش سوف يهاجم درنة خلال أسابيع.",
            "attack",
            "يهاجم",
            "درنة",
            modality="planned",
            name="Derna",
            name_ar="درنة",
            place_id="geonames:87205",
            country="LY",
            geometry=point(22.637, 32.767),
            uncertainty_km=6.0,
            where_prec=1,
            geo_precision=1,
            confidence=0.5,
        ),
        event(
            10,
            "طلب رئيس الحكومة في فبراير 2017 القيام بوساطة بين الطرفين.",
            "mediation",
            "وساطة",
            modality="requested",
            date_text="في فبراير 2017",
            date_start="2017-02-01",
            date_end="2017-02-28",
            date_precision=4,
            confidence=0.6,
        ),
        event(
            11, "وقعت الحكومة صفقة سلاح كبيرة قيمتها 1.8 مليار.", "arms_deal", "صفقة سلاح", confidence=0.7
        ),
        event(
            12,
            "عمّت الاحتجاجات أنحاء تونس مطلع 2011.",
            "protest",
            "الاحتجاجات",
            "تونس",
            name="Tunisia",
            name_ar="تونس",
            place_id="geonames:2464461",
            country="TN",
            geometry=point(9.2, 34.0),
            uncertainty_km=300.0,
            where_prec=6,
            geo_precision=3,
            date_text="مطلع 2011",
            date_start="2011-01-01",
            date_end="2011-04-30",
            date_precision=5,
            confidence=0.64,
        ),
        event(
            13,
            "نُقل الجرحى إلى بنغازي لتلقي العلاج.",
            "evacuation",
            "نُقل",
            "بنغازي",
            name="Benghazi",
            name_ar="بنغازي",
            place_id="geonames:88319",
            country="LY",
            geometry=point(20.0667, 32.1167),
            uncertainty_km=7.0,
            where_prec=1,
            geo_precision=1,
            location_role="destination",
            confidence=0.79,
        ),
        event(
            14,
            "قصف الطيران مواقع في محافظة إدلب صباح الأحد.",
            "airstrike",
            "قصف",
            "محافظة إدلب",
            name="Idlib Governorate",
            name_ar="محافظة إدلب",
            place_id="geonames:169388",
            country="SY",
            geometry=point(36.6, 35.8),
            uncertainty_km=45.0,
            where_prec=4,
            geo_precision=3,
            confidence=0.86,
            date_text="صباح الأحد",
            date_start="2017-02-26",
            date_end="2017-02-26",
            date_precision=1,
        ),
    ]


def make_events(rows=None):
    return gpd.GeoDataFrame(event_rows() if rows is None else rows, geometry="geometry", crs="EPSG:4326")


def mention(number, text, reading, role, lon, lat, quote, **cells):
    row = {
        "mention_id": f"m{number}",
        "doc_id": "sample-1",
        "text": text,
        "reading": reading,
        "role": role,
        "geometry": point(lon, lat) if lon is not None else None,
        "start": 100 + quote.index(text),
        "end": 100 + quote.index(text) + len(text),
        "quote": quote,
        "quote_start": 100,
        "place_id": f"geonames:9{number}",
        "name": "",
        "name_ar": text,
        "country": "LY",
        "uncertainty_km": 5.0,
        "confidence": 0.7,
        "candidates": [],
        "reasons": [],
        "doc_url": None,
        "doc_title": None,
        "doc_publisher": None,
        "doc_date": None,
        "license": "CC BY 4.0",
        "attribution": GEONAMES,
    }
    row.update(cells)
    return row


def make_mentions():
    rows = [
        mention(
            1,
            "طبرق",
            "organisation",
            "mentioned",
            23.96,
            32.08,
            "الجيش الموالي لبرلمان طبرق رفض العرض.",
            name="Tobruk",
            reasons=["'برلمان طبرق' names a body, not the town; the town is its seat"],
        ),
        mention(
            2,
            "قبرص",
            "literal",
            "mentioned",
            33.2,
            35.0,
            "ونفذت السفن تدريبات بالذخيرة الحية جنوبي قبرص.",
            name="Cyprus",
            country="CY",
        ),
        mention(
            3,
            "موسكو",
            "metonymic",
            "mentioned",
            37.6,
            55.75,
            "رحبت موسكو بالمبادرة.",
            name="Moscow",
            country="RU",
        ),
        mention(
            4, "أجدابيا", "literal", "event", 20.2263, 30.7554, "سقطت طائرة في أجدابيا.", name="Ajdabiya"
        ),
        mention(
            5,
            "مصراتة",
            "literal",
            "mentioned",
            15.09,
            32.37,
            "وتبعد المدينة عن مصراتة ساعتين بالسيارة.",
            name="Misrata",
        ),
    ]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
