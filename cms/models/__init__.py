"""The public pages; editors fill them in Wagtail, facts about offices and roles come from the product."""

from cms.models.approval import SecondReader
from cms.models.events import EventDate, EventKind, EventPage, EventsPage, dates_of
from cms.models.forms import FormField, FormPage
from cms.models.news import NewsIndexPage, NewsPage
from cms.models.offices import OfficePage
from cms.models.public_page import Drawing, PublicPage
from cms.models.roles import RolePage, RolesPage
from cms.models.site_notes import Banner, SiteNotes, TranslatedNote
from cms.models.words import ContentPage, HomePage

__all__ = [
    "Banner",
    "ContentPage",
    "Drawing",
    "EventDate",
    "EventKind",
    "EventPage",
    "EventsPage",
    "FormField",
    "FormPage",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "OfficePage",
    "PublicPage",
    "RolePage",
    "RolesPage",
    "SecondReader",
    "SiteNotes",
    "TranslatedNote",
    "dates_of",
]
