"""Who may open what of the sign-in, of the content system and of the interface for machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .access_matrix import PEOPLE, STAFF, START_PAGES, STRANGERS, Row, everybody, rows

NEIGHBOURS = ("helper", "seeker", "told")


def answers(names: str, *, neighbours: str, staff: str, strangers: str = "login") -> Iterator[Row]:
    """Doors of the sign-in: what strangers, neighbours (no second factor) and staff (with one) get."""
    by_kind = dict.fromkeys(STRANGERS, strangers) | dict.fromkeys(NEIGHBOURS, neighbours)
    return rows("", names, "", otherwise=by_kind | dict.fromkeys(STAFF, staff))


def unnamed(route: str, path: str, answer: str, *, strangers: str = "") -> Iterator[Row]:
    """A door without a name, the same for everybody (or almost)."""
    others = dict.fromkeys(STRANGERS, strangers) if strangers else {}
    return rows("/", route, "", path=path, otherwise=dict.fromkeys(PEOPLE, answer) | others)


CLOSED = "account_signup account_email account_email_verification_sent account_set_password"
FORGOTTEN = "account_reset_password account_reset_password_done account_reset_password_from_key_done"

SIGN_IN = [
    # Nobody signs up, and nobody moves an account to another mailbox.
    *everybody("", CLOSED, "hidden"),
    *everybody("", "account_confirm_email", "hidden", filled={"key": "'abc"}),
    *unnamed("anmelden/signup/", "/anmelden/signup/", "hidden"),
    *unnamed("anmelden/email/", "/anmelden/email/", "hidden"),
    *unnamed("anmelden/^confirm-email/", "/anmelden/confirm-email/", "hidden"),
    *unnamed("anmelden/password/set/", "/anmelden/password/set/", "hidden"),
    *everybody("", f"{FORGOTTEN} account_inactive", "open"),
    *everybody("", "account_reset_password_from_key", "open", filled={"uidb36": "'1", "key": "'abc"}),
    *rows("", "account_login account_request_login_code", " ".join(STRANGERS), otherwise=START_PAGES),
    *rows("", "account_confirm_login_code mfa_authenticate mfa_login_webauthn", "", otherwise=START_PAGES),
    *answers("account_logout wagtailadmin_logout", neighbours="open", staff="open", strangers="to /"),
    *answers(
        "mfa_index mfa_add_webauthn mfa_list_webauthn mfa_generate_recovery_codes",
        neighbours="open",
        staff="open",
    ),
    *answers("mfa_activate_totp", neighbours="open", staff="to /anmelden/2fa/totp/deactivate/"),
    *answers("mfa_deactivate_totp", neighbours="hidden", staff="open"),
    *answers("mfa_reauthenticate", neighbours="refused", staff="open"),
    *answers(
        "account_reauthenticate mfa_reauthenticate_webauthn",
        neighbours="refused",
        staff="to /anmelden/2fa/reauthenticate/",
    ),
    *answers(
        "account_change_password",
        neighbours="to /anmelden/password/set/",
        staff="to /anmelden/password/set/",
    ),
    # Nobody of these has codes or keys; another one's are not theirs.
    *rows("", "mfa_view_recovery_codes mfa_download_recovery_codes", ""),
    *rows("", "mfa_remove_webauthn mfa_edit_webauthn", "", thing="key"),
]


def desk(names: str, answer: str, **more: Any) -> Iterator[Row]:
    """Doors of the editors' desk: this answer for an editor, the sign-in page for all others."""
    return rows("wagtail", names, "", closed="login", otherwise={"editor": answer}, **more)


def adrift(path: str, answer: str) -> Iterator[Row]:
    """A door of the desk without a name."""
    return rows(
        "/redaktion/", path, "", path=f"/redaktion/{path}", closed="login", otherwise={"editor": answer}
    )


# The content system's desk: pages, pictures, documents and redirects are the editors'; users, groups, sites,
# collections and workflows nobody's ("to /redaktion/" is Wagtail's way of saying no).
CONTENT = [
    *desk(
        "admin_home admin_api:pages:listing admin_api:documents:listing admin_api:images:listing"
        " admin_explore_root admin_explore admin_explore_results admin_pages:add"
        " admin_pages:preview_on_add admin_pages:type_use admin_pages:type_use_results admin_pages:usage"
        " admin_pages:edit admin_pages:preview_on_edit admin_pages:view_draft admin_pages:add_subpage"
        " admin_pages:delete admin_pages:unpublish admin_pages:search admin_pages:search_results"
        " admin_pages:move admin_pages:move_confirm admin_pages:set_page_position admin_pages:copy"
        " admin_pages:confirm_workflow_cancellation admin_pages:set_privacy admin_pages:workflow_history"
        " admin_pages:history admin_pages:history_results admin_choose_page admin_choose_page_child"
        " admin_choose_page_search admin_choose_page_chosen_multiple admin_choose_page_external_link"
        " admin_choose_page_email_link admin_choose_page_phone_link admin_choose_page_anchor_link"
        " admin_tag_autocomplete admin_workflows:task_chooser admin_workflows:task_chooser_results"
        " admin_workflows:task_chooser_create admin_workflows:task_chosen admin_reports:locked_pages"
        " admin_reports:locked_pages_results admin_reports:workflow admin_reports:workflow_results"
        " admin_reports:workflow_tasks admin_reports:workflow_tasks_results admin_reports:site_history"
        " admin_reports:site_history_results admin_reports:aging_pages admin_reports:aging_pages_results"
        " admin_reports:page_types_usage admin_reports:page_types_usage_results admin_account"
        " admin_dismissibles admin_editing_sessions:release forms:index forms:index_results embeds:chooser"
        " redirects:index redirects:index_results redirects:add"
        " embeds:chooser_upload docs:index docs:index_results docs:add docs:add_multiple images:index"
        " images:index_results images:add images:add_multiple docs_chooser:choose"
        " docs_chooser:choose_results docs_chooser:chosen_multiple docs_chooser:create"
        " images_chooser:choose images_chooser:choose_results images_chooser:chosen_multiple"
        " images_chooser:create _localize:translations_report _localize:translations_report_results"
        " _localize:javascript_catalog _localize:submit_page_translation",
        "open",
    ),
    *desk(
        "admin_api:pages:detail admin_api:pages:find admin_api:pages:action admin_api:documents:detail"
        " admin_api:documents:find admin_api:images:detail admin_api:images:find _bulk_action"
        " admin_pages:convert_alias admin_pages:workflow_action admin_pages:collect_workflow_action_data"
        " admin_pages:revisions_view admin_pages:revisions_revert admin_pages:revisions_unschedule"
        " admin_pages:workflow_history_detail admin_tag_model_autocomplete admin_collections:delete"
        " admin_workflows:add_task admin_editing_sessions:ping admin_block_preview forms:list_submissions"
        " forms:list_submissions_results redirects:delete redirects:edit settings:edit"
        " settings:preview_on_edit docs:edit"
        " docs:delete docs:edit_multiple docs:create_multiple_from_uploaded_document docs:delete_multiple"
        " docs:delete_upload_multiple docs:document_usage images:edit images:delete images:url_generator"
        " images:url_generator_output images:preview images:image_usage images:edit_multiple"
        " images:create_multiple_from_uploaded_image images:delete_multiple images:delete_upload_multiple"
        " sites:delete sites:history sites:history_results sites:usage users_groups:delete"
        " users_groups:history users_groups:history_results users_groups:usage docs_chooser:chosen"
        " images_chooser:chosen images_chooser:select_format"
        " _localize:convert_to_alias _localize:download_pofile _localize:machine_translate"
        " _localize:preview_translation _localize:snippets_api_detail _localize:snippets_api_listing"
        " _localize:stop_translation"
        " _localize:submit_snippet_translation _localize:update_translations _localize:upload_pofile",
        "hidden",
    ),
    *desk("_localize:edit_override _localize:edit_string_translation", "not that way"),
    *desk(
        "admin_error_test",
        "raises Exception",
    ),
    *desk(
        "admin_pages:choose_parent",
        "to /redaktion/pages/add/cms/contentpage/N/",
    ),
    *desk(
        "admin_pages:workflow_preview admin_pages:revisions_compare admin_collections:index"
        " admin_collections:add admin_collections:edit admin_collections:set_privacy admin_workflows:index"
        " admin_workflows:index_results admin_workflows:add admin_workflows:enable admin_workflows:disable"
        " admin_workflows:edit admin_workflows:usage admin_workflows:usage_results admin_workflows:remove"
        " admin_workflows:select_task_type admin_workflows:task_index admin_workflows:task_index_results"
        " admin_workflows:edit_task admin_workflows:disable_task admin_workflows:enable_task"
        " forms:delete_submissions snippets:index sites:index sites:index_results"
        " sites:add sites:edit sites:copy users_groups:index users_groups:index_results users_groups:add"
        " users_groups:edit locales:add locales:copy locales:delete locales:edit locales:history"
        " locales:history_results locales:index locales:index_results locales:usage",
        "to /redaktion/",
    ),
    *desk(
        "users_users:index users_users:index_results users_users:add users_users:edit users_users:delete"
        " users_users:history users_users:history_results users_users:usage users_users:copy",
        "to /redaktion/",
        thing="account",
    ),
    *desk(
        "admin_pages:lock admin_pages:unlock",
        "to /redaktion/pages/N/",
    ),
    *desk(
        "admin_pages:revisions_index",
        "to /redaktion/pages/N/history/",
    ),
    *everybody("", "wagtailadmin_sprite wagtailadmin_javascript_catalog", "open"),
    # There is one sign-in, and nobody is asked for a page's password.
    *everybody("", "wagtailadmin_login wagtailcore_login", "login"),
    *everybody("wagtailadmin_password_reset", "_done _confirm _complete", "hidden"),
    *everybody("", "wagtailadmin_password_reset", "hidden"),
    *everybody("wagtail", "docs_authenticate_with_password core_authenticate_with_password", "hidden"),
    # Documents and pictures that are not there; pages nobody has written.
    *everybody("", "wagtaildocs_serve wagtail_serve picture", "hidden"),
    # What everybody reads.
    *everybody("", "search find_office embedded_finder sitemap robots", "open"),
    *unnamed("redaktion/login/", "/redaktion/login/", "login"),
    *unnamed("redaktion/logout/", "/redaktion/logout/", "open", strangers="to /"),
    *unnamed("redaktion/_util/login/", "/redaktion/_util/login/", "login"),
    # Lists of redirects are not read in.
    *everybody("", "wagtailredirects:start_import wagtailredirects:process_import", "hidden"),
    *unnamed("redaktion/^redirects/import/", "/redaktion/redirects/import/", "hidden"),
    *unnamed("redaktion/^password_reset/", "/redaktion/password_reset/", "hidden"),
    *adrift("account/", "open"),
    *adrift("test404/", "open"),
    *rows(
        "/redaktion/",
        "^.*/$",
        "",
        path="/redaktion/seite/",
        otherwise=dict.fromkeys(PEOPLE, "to /redaktion/login/") | {"editor": "hidden"},
    ),
    *unnamed(
        "dokumente/authenticate_with_password/<int:restriction_id>/",
        "/dokumente/authenticate_with_password/1/",
        "hidden",
    ),
    *unnamed("_util/login/", "/_util/login/", "login"),
    *unnamed("^_util/authenticate_with_password/", "/_util/authenticate_with_password/", "hidden"),
]

KEEPERS = "own other former coordinator"


def machine(names: str, mine: str, theirs: str | None = None, thing: str = "", **more: Any) -> Iterator[Row]:
    """Doors of JSON: 401 for whoever is not staff with requests, 404 for what belongs to others."""
    inside = frozenset(KEEPERS.split())
    return rows("api-1:", names, mine, theirs, thing, closed="login", inside=inside, **more)


MACHINES = [
    # What every site may read.
    *everybody("api-public-1:", "roles offices quarters news events openapi-json openapi-view", "open"),
    *everybody("api-public-1:", "api-root", "to /api/v1/public/docs"),
    *everybody("api-public-1:", "missing", "hidden", filled={"rest": "'x"}),
    *everybody("api-1:", "api-root", "hidden"),
    *rows("api-1:", "openapi-json openapi-view", KEEPERS),
    *machine("list_requests list_matches list_city_runs", KEEPERS),
    *machine("read_request list_candidates", "own", "other", "request", key="request_id"),
    *machine("read_match", "own", "other", "match", key="match_id"),
    *machine("read_city_run", "own coordinator", "other coordinator", "city_run", key="run_id"),
    *machine("sign", "own", "other", "match", key="match_id", body={}),
    *machine(
        "consent", "own", "other", "match", key="match_id", body={"party": "'helper", "channel": "'phone"}
    ),
    *machine("end", "own", "other", "match", key="match_id", body={"reason": "'done", "ended_well": True}),
    *machine(
        "propose",
        "own",
        "other",
        "request",
        key="request_id",
        body={"request_id": "request", "helper_id": "helper", "compensation_model": "'ehrenamt"},
    ),
]
