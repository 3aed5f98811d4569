"""Forms of the editors' desk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm


class PictureForm(BaseImageForm):
    """A picture comes with words for those who do not see it, and with the spot that must stay visible."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "description" in self.fields:
            words = self.fields["description"]
            words.required = True
            words.label = _("Was ist zu sehen?")
            words.help_text = _("Ein Satz für alle, die das Bild nicht sehen.")
