"""Addresses of the administration, under /administration/."""

from django.urls import path

from fadu.desk.administration import audit, calendars, definitions, drafting, people, rules, tables, units, views

urlpatterns = [
    path("", views.begin, name="administration"),
    path("units/", units.units, name="units"),
    path("units/new/", units.add_unit, name="add-unit"),
    path("units/<slug:code>/", units.unit, name="unit"),
    path("units/<slug:code>/change/", units.change_unit, name="change-unit"),
    path("units/<slug:code>/close/", units.close_unit, name="close-unit"),
    path("units/<slug:code>/reopen/", units.reopen_unit, name="reopen-unit"),
    *tables.addresses(),
    path("people/", people.people, name="people"),
    path("people/new/", people.add_person, name="add-person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/change/", people.change_person, name="change-person"),
    *(
        path(f"people/<int:pk>/{deed}/", people.keep_account, {"deed": deed}, name=f"{deed}-account")
        for deed in people.DEEDS
    ),
    path("people/<int:pk>/posts/new/", people.give_post, name="give-post"),
    path("people/<int:pk>/posts/<int:post>/end/", people.end_post, name="end-post"),
    path("people/<int:pk>/delegate/", people.delegate, name="delegate"),
    path("delegations/", people.delegations, name="delegations"),
    path("delegations/<int:pk>/revoke/", people.revoke_delegation, name="revoke-delegation"),
    path("tokens/", people.access_tokens, name="access-tokens"),
    path("tokens/<int:pk>/revoke/", people.revoke_access, name="revoke-access"),
    path("acts/", audit.acts, name="acts"),
    path("sign-ins/", audit.sign_ins, name="sign-ins"),
    path("exports/", audit.exports, name="export-records"),
    path("definitions/", definitions.definition_list, name="definitions"),
    path("definitions/hand-in/", drafting.upload, name="upload-definition"),
    path("definitions/<slug:key>/", definitions.definition, name="definition"),
    path("rules/add/", rules.add_rule, name="add-rule"),
    path("rules/<slug:key>/", rules.rules, name="rules"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.add_year, name="add-year"),
    path("calendars/<int:number>/", calendars.calendar_year, name="calendar-year"),
    path("editions/<int:pk>/", drafting.edition, name="edition"),
    path("editions/<int:pk>/publish/", drafting.publish, name="publish-edition"),
    path("editions/<int:pk>/withdraw/", drafting.withdraw, name="withdraw-edition"),
    path("editions/begin/<slug:kind>/<slug:key>/", drafting.begin, name="begin-edition"),
]
