"""Who may open what: every address and method of the site against every role, as one table."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.journeys.routes import Route, routes
from tests.journeys.world import World, build
from tests.people import person

ROLES = (
    *("anonymous", "author", "reviewer", "rater"),
    *("curator", "engineer", "researcher", "administrator"),
)

# What each is told, in the order of ROLES:
#   ok    it opens: a page, or the place where a request leads
#   fix   it opens, and says what is missing in this empty request (400, 409, 410, 422)
#   no    it is not for this role (403)
#   hid   there is nothing here that this person may see (404)
#   door  sign in first
#
#                                         anon auth revi rate cura engi rese admi
TABLE = """
home                                 GET  door ok   ok   ok   ok   ok   ok   ok
support                              GET  ok   ok   ok   ok   ok   ok   ok   ok
language                             POST ok   ok   ok   ok   ok   ok   ok   ok
corpus:count                         GET  door ok   ok   no   ok   ok   ok   no
corpus:index                         GET  door ok   ok   no   ok   ok   ok   no
corpus:new                           GET  door ok   no   no   ok   no   no   no
corpus:new                           POST door fix  no   no   fix  no   no   no
corpus:bulk                          GET  door no   no   no   ok   no   no   no
corpus:bulk                          POST door no   no   no   ok   no   no   no
corpus:bulk_change                   GET  door no   no   no   ok   no   no   no
corpus:put_back                      POST door no   no   no   ok   no   no   no
corpus:mine                          GET  door ok   no   no   ok   no   no   no
corpus:checks                        GET  door no   no   no   ok   no   no   no
corpus:checks                        POST door no   no   no   ok   no   no   no
corpus:domains                       GET  door no   no   no   ok   no   no   no
corpus:domains                       POST door no   no   no   fix  no   no   no
corpus:filters                       GET  door ok   ok   no   ok   ok   ok   no
corpus:filters                       POST door fix  fix  no   fix  fix  fix  no
corpus:change_filter                 POST door ok   ok   no   ok   ok   ok   no
corpus:delete_filter                 POST door ok   ok   no   ok   ok   ok   no
corpus:diversity                     GET  door ok   ok   no   ok   ok   ok   no
corpus:import                        GET  door no   no   no   ok   ok   no   no
corpus:import                        POST door no   no   no   fix  fix  no   no
corpus:import_pairs                  GET  door no   no   no   ok   no   no   no
corpus:import_pairs                  POST door no   no   no   fix  no   no   no
corpus:upload                        GET  door no   no   no   ok   hid  no   no
corpus:upload                        POST door no   no   no   ok   hid  no   no
corpus:stop_upload                   POST door no   no   no   ok   hid  no   no
corpus:discard_upload                POST door no   no   no   ok   hid  no   no
corpus:upload_problems               GET  door no   no   no   ok   hid  no   no
corpus:again                         GET  door no   ok   no   ok   no   no   no
corpus:queue                         GET  door no   ok   no   no   no   no   no
corpus:prompt_sets                   GET  door no   no   no   ok   ok   ok   no
corpus:new_prompt_set                GET  door no   no   no   ok   ok   no   no
corpus:new_prompt_set                POST door no   no   no   fix  fix  no   no
corpus:prompt_set                    GET  door no   no   no   ok   ok   ok   no
corpus:sources                       GET  door ok   ok   no   ok   ok   ok   no
corpus:source                        GET  door ok   ok   no   ok   ok   ok   no
corpus:edit_source                   GET  door no   no   no   ok   no   no   no
corpus:edit_source                   POST door no   no   no   ok   no   no   no
corpus:purge_source                  GET  door no   no   no   ok   no   no   no
corpus:purge_source                  POST door no   no   no   fix  no   no   no
corpus:purge_passkey                 POST door no   no   no   ok   no   no   no
corpus:resources                     GET  door ok   ok   no   ok   ok   ok   no
corpus:export_resources              GET  door ok   ok   no   ok   ok   ok   no
corpus:load_resources                GET  door no   ok   no   ok   no   no   no
corpus:load_resources                POST door no   fix  no   fix  no   no   no
corpus:new_resource                  GET  door no   ok   no   ok   no   no   no
corpus:new_resource                  POST door no   fix  no   fix  no   no   no
corpus:resource                      GET  door ok   ok   no   ok   ok   ok   no
corpus:edit_resource                 GET  door no   ok   no   ok   no   no   no
corpus:edit_resource                 POST door no   fix  no   fix  no   no   no
corpus:verify_resource               POST door no   fix  no   fix  no   no   no
corpus:retire_resource               POST door no   fix  no   fix  no   no   no
corpus:pair                          GET  door ok   ok   no   ok   ok   ok   no
corpus:new_version                   POST door ok   no   no   ok   no   no   no
corpus:version                       GET  door ok   ok   no   ok   ok   ok   no
corpus:edit                          GET  door ok   no   no   ok   no   no   no
corpus:save                          POST door fix  no   no   fix  no   no   no
corpus:withdraw                      POST door ok   no   no   ok   no   no   no
corpus:remark                        POST door fix  fix  no   fix  fix  fix  no
corpus:answer                        POST door ok   ok   no   ok   ok   ok   no
corpus:renew                         GET  door no   ok   no   no   no   no   no
corpus:renew                         POST door no   fix  no   no   no   no   no
corpus:renew_passkey                 POST door no   ok   no   no   no   no   no
corpus:review                        GET  door no   ok   no   no   no   no   no
corpus:review                        POST door no   fix  no   no   no   no   no
corpus:passkey                       POST door no   fix  no   no   no   no   no
generation:models                    GET  door no   no   no   ok   ok   ok   no
generation:new_model                 GET  door no   no   no   no   ok   no   no
generation:new_model                 POST door no   no   no   no   fix  no   no
generation:endpoints                 GET  door no   no   no   ok   ok   ok   no
generation:new_endpoint              GET  door no   no   no   no   ok   no   no
generation:new_endpoint              POST door no   no   no   no   fix  no   no
generation:endpoint                  GET  door no   no   no   ok   ok   ok   no
generation:check_endpoint            GET  door no   no   no   no   ok   no   no
generation:try_endpoint              POST door no   no   no   no   ok   no   no
generation:allowed                   GET  door no   no   no   no   no   no   ok
generation:allowed                   POST door no   no   no   no   no   no   fix
generation:look_up_address           POST door no   no   no   no   no   no   ok
generation:disallow_address          POST door no   no   no   no   no   no   ok
generation:start_server              POST door no   no   no   no   ok   no   no
generation:servers                   GET  door no   no   no   ok   ok   ok   no
generation:stop_server               POST door no   no   no   no   ok   no   no
generation:start_server_again        POST door no   no   no   no   ok   no   no
generation:model                     GET  door no   no   no   ok   ok   ok   no
generation:change_model              POST door no   no   no   no   ok   no   no
generation:conditions                GET  door no   no   no   ok   ok   ok   no
generation:new_condition             GET  door no   no   no   no   ok   no   no
generation:new_condition             POST door no   no   no   no   fix  no   no
generation:install_conditions        POST door no   no   no   no   ok   no   no
generation:condition                 GET  door no   no   no   ok   ok   ok   no
generation:runs                      GET  door no   no   no   ok   ok   ok   no
generation:new_run                   GET  door no   no   no   no   ok   no   no
generation:new_run                   POST door no   no   no   no   fix  no   no
generation:import_answers            GET  door no   no   no   no   ok   no   no
generation:import_answers            POST door no   no   no   no   fix  no   no
generation:naming                    GET  door no   no   no   ok   ok   ok   no
generation:run                       GET  door no   no   no   ok   ok   ok   no
generation:answers                   GET  door no   no   no   ok   ok   ok   no
generation:answer                    GET  door no   no   no   ok   ok   ok   no
generation:cancel_run                POST door no   no   no   no   ok   no   no
generation:resume_run                POST door no   no   no   no   ok   no   no
generation:retry_run                 POST door no   no   no   no   ok   no   no
annotation:new_study                 GET  door no   no   no   ok   no   no   no
annotation:new_study                 POST door no   no   no   fix  no   no   no
annotation:edit_study                GET  door no   no   no   ok   no   no   no
annotation:edit_study                POST door no   no   no   fix  no   no   no
annotation:open_study                POST door no   no   no   ok   no   no   no
annotation:close_study               POST door no   no   no   ok   no   no   no
annotation:blinding                  GET  door no   no   no   ok   no   no   no
annotation:hide_passages             POST door no   no   no   ok   no   no   no
annotation:name_arms                 POST door no   no   no   ok   no   no   no
annotation:gold                      GET  door no   no   no   ok   no   no   no
annotation:mark_gold                 POST door no   no   no   ok   no   no   no
annotation:guess                     GET  door no   no   ok   no   no   no   no
annotation:guess                     POST door no   no   ok   no   no   no   no
annotation:raters_per_item           POST door no   no   no   ok   no   no   no
annotation:profile                   GET  door no   no   ok   no   no   no   no
annotation:profile                   POST door no   no   ok   no   no   no   no
annotation:raters                    GET  door no   no   no   ok   no   no   no
annotation:rater                     GET  door no   no   no   ok   no   no   no
annotation:rater                     POST door no   no   no   ok   no   no   no
rubrics:rubrics                      GET  door no   no   no   ok   ok   ok   no
rubrics:new                          GET  door no   no   no   ok   no   no   no
rubrics:new                          POST door no   no   no   fix  no   no   no
rubrics:rubric                       GET  door no   no   no   ok   ok   ok   no
rubrics:preview                      GET  door no   no   no   ok   ok   ok   no
rubrics:new_version                  POST door no   no   no   ok   no   no   no
rubrics:edit                         GET  door no   no   no   ok   no   no   no
rubrics:edit                         POST door no   no   no   fix  no   no   no
rubrics:add                          GET  door no   no   no   ok   no   no   no
rubrics:add                          POST door no   no   no   fix  no   no   no
rubrics:change                       GET  door no   no   no   ok   no   no   no
rubrics:change                       POST door no   no   no   fix  no   no   no
rubrics:move                         POST door no   no   no   ok   no   no   no
rubrics:remove                       POST door no   no   no   ok   no   no   no
annotation:live                      GET  door no   no   no   ok   no   no   no
annotation:so_far                    GET  door no   no   no   ok   no   no   no
annotation:study_flags               GET  door no   no   no   ok   no   no   no
annotation:flag                      GET  door no   no   no   ok   no   no   no
annotation:flag                      POST door no   no   no   ok   no   no   no
annotation:differences               GET  door no   no   no   ok   no   no   no
annotation:settled                   GET  door no   no   no   ok   no   no   no
annotation:difference                GET  door no   no   no   ok   no   no   no
annotation:difference                POST door no   no   no   fix  no   no   no
annotation:study_rooms               GET  door no   no   no   ok   no   no   no
annotation:study_rooms               POST door no   no   no   fix  no   no   no
annotation:curated_room              GET  door no   no   no   ok   no   no   no
annotation:curated_room              POST door no   no   no   ok   no   no   no
annotation:curated_room_item         GET  door no   no   no   ok   no   no   no
annotation:curated_room_item         POST door no   no   no   ok   no   no   no
annotation:room                      GET  door no   no   ok   no   no   no   no
annotation:room_item                 GET  door no   no   ok   no   no   no   no
annotation:room_item                 POST door no   no   fix  no   no   no   no
annotation:own_flags                 GET  door no   no   ok   no   no   no   no
annotation:reply_to_flag             POST door no   no   ok   no   no   no   no
annotation:flag_item                 GET  door no   no   ok   no   no   no   no
annotation:flag_item                 POST door no   no   fix  no   no   no   no
annotation:care                      GET  door no   no   ok   no   no   no   no
annotation:care                      POST door no   no   ok   no   no   no   no
annotation:away                      GET  door no   no   ok   no   no   no   no
annotation:go_on                     POST door no   no   ok   no   no   no   no
annotation:check_in                  GET  door no   no   ok   no   no   no   no
annotation:check_in                  POST door no   no   fix  no   no   no   no
annotation:forget_check_ins          POST door no   no   ok   no   no   no   no
annotation:care_limits               GET  door no   no   no   ok   no   no   no
annotation:care_limits               POST door no   no   no   fix  no   no   no
annotation:support_text              POST door no   no   no   ok   no   no   no
annotation:care_figures              GET  door no   no   no   ok   no   no   no
annotation:rate                      GET  door no   no   ok   no   no   no   no
annotation:start                     GET  door no   no   ok   no   no   no   no
annotation:start                     POST door no   no   ok   no   no   no   no
annotation:pause                     GET  door no   no   ok   no   no   no   no
annotation:practice                  GET  door no   no   ok   no   no   no   no
annotation:practice_item             GET  door no   no   ok   no   no   no   no
annotation:practice_item             POST door no   no   fix  no   no   no   no
annotation:practice_items            GET  door no   no   no   ok   no   no   no
annotation:practice_items            POST door no   no   no   fix  no   no   no
annotation:remove_practice_item      POST door no   no   no   ok   no   no   no
annotation:let_in                    POST door no   no   no   ok   no   no   no
annotation:submit                    POST door no   no   fix  no   no   no   no
annotation:skip                      POST door no   no   ok   no   no   no   no
annotation:draft                     POST door no   no   fix  no   no   no   no
annotation:undo                      POST door no   no   ok   no   no   no   no
judging:studies                      GET  door no   no   no   ok   ok   ok   no
judging:comparison                   GET  door no   no   no   ok   ok   ok   no
judging:judges                       GET  door no   no   no   ok   ok   ok   no
judging:new_judge                    GET  door no   no   no   no   ok   no   no
judging:new_judge                    POST door no   no   no   no   fix  no   no
judging:new_rule_judge               GET  door no   no   no   no   ok   no   no
judging:new_rule_judge               POST door no   no   no   no   fix  no   no
judging:start_judge                  POST door no   no   no   no   ok   no   no
judging:anchors                      GET  door no   no   no   ok   ok   ok   no
judging:take_settled                 POST door no   no   no   ok   ok   no   no
judging:new_anchor                   GET  door no   no   no   ok   ok   no   no
judging:new_anchor                   POST door no   no   no   fix  fix  no   no
judging:retire_anchor                POST door no   no   no   ok   ok   no   no
judging:judge                        GET  door no   no   no   ok   ok   ok   no
judging:judge_run                    GET  door no   no   no   ok   ok   ok   no
judging:cancel_judge_run             POST door no   no   no   no   ok   no   no
judging:resume_judge_run             POST door no   no   no   no   ok   no   no
judging:retry_judge_run              POST door no   no   no   no   ok   no   no
judging:new_comparing_judge          GET  door no   no   no   no   ok   no   no
judging:new_comparing_judge          POST door no   no   no   no   fix  no   no
judging:matchups                     GET  door no   no   no   ok   ok   ok   no
judging:start_matchup                POST door no   no   no   no   ok   no   no
judging:matchup                      GET  door no   no   no   ok   ok   ok   no
judging:cancel_matchup               POST door no   no   no   no   ok   no   no
judging:resume_matchup               POST door no   no   no   no   ok   no   no
judging:retry_matchup                POST door no   no   no   no   ok   no   no
judging:panels                       GET  door no   no   no   ok   ok   ok   no
judging:new_panel                    GET  door no   no   no   no   ok   no   no
judging:new_panel                    POST door no   no   no   no   fix  no   no
judging:panel                        GET  door no   no   no   ok   ok   ok   no
judging:start_panel                  POST door no   no   no   no   ok   no   no
judging:study                        GET  door no   no   no   ok   ok   ok   no
judging:comparison_report            GET  door no   no   no   ok   ok   ok   no
judging:validations                  GET  door no   no   no   ok   ok   ok   no
judging:validation                   GET  door no   no   no   ok   ok   ok   no
judging:freeze_judge                 POST door no   no   no   no   ok   no   no
judging:approve_judge                POST door no   no   no   ok   no   no   no
judging:revoke_approval              POST door no   no   no   ok   no   no   no
judging:benchmark                    GET  door no   no   no   ok   ok   ok   no
judging:study_report                 GET  door no   no   no   ok   ok   ok   no
judging:report                       GET  door no   no   no   ok   ok   ok   no
judging:report_again                 POST door no   no   no   ok   ok   ok   no
judging:report_file                  GET  door no   no   no   ok   ok   ok   no
exports:releases                     GET  door no   no   no   ok   ok   ok   no
exports:new                          GET  door no   no   no   ok   no   no   no
exports:new                          POST door no   no   no   fix  no   no   no
exports:study                        GET  door no   no   no   ok   ok   ok   no
exports:study_file                   GET  door no   no   no   ok   ok   ok   no
exports:release                      GET  door no   no   no   ok   ok   ok   no
exports:withdraw                     POST door no   no   no   fix  no   no   no
exports:release_file                 GET  door no   no   no   ok   ok   ok   no
people                               GET  door no   no   no   no   no   no   ok
invite                               POST door no   no   no   no   no   no   fix
withdraw_invitation                  POST door no   no   no   no   no   no   ok
accept_invitation                    GET  ok   ok   ok   ok   ok   ok   ok   ok
accept_invitation                    POST fix  fix  fix  fix  fix  fix  fix  fix
profile                              GET  door ok   ok   ok   ok   ok   ok   ok
profile                              POST door fix  fix  fix  fix  fix  fix  fix
stay                                 POST door ok   ok   ok   ok   ok   ok   ok
new_token                            POST door fix  fix  fix  fix  fix  fix  fix
revoke_token                         POST door hid  hid  hid  hid  hid  hid  hid
demo_sign_in                         GET  hid  hid  hid  hid  hid  hid  hid  hid
account_login                        GET  ok   ok   ok   ok   ok   ok   ok   ok
account_logout                       GET  ok   ok   ok   ok   ok   ok   ok   ok
account_inactive                     GET  ok   ok   ok   ok   ok   ok   ok   ok
account_signup                       GET  ok   ok   ok   ok   ok   ok   ok   ok
account_reauthenticate               GET  door no   no   no   no   no   no   no
account_email                        GET  door ok   ok   ok   ok   ok   ok   ok
account_email_verification_sent      GET  ok   ok   ok   ok   ok   ok   ok   ok
account_change_password              GET  door ok   ok   ok   ok   ok   ok   ok
account_set_password                 GET  door ok   ok   ok   ok   ok   ok   ok
account_reset_password               GET  ok   ok   ok   ok   ok   ok   ok   ok
account_confirm_login_code           GET  door ok   ok   ok   ok   ok   ok   ok
account_confirm_email                GET  ok   ok   ok   ok   ok   ok   ok   ok
account_reset_password_from_key_done GET  ok   ok   ok   ok   ok   ok   ok   ok
account_reset_password_from_key      GET  ok   ok   ok   ok   ok   ok   ok   ok
account_reset_password_done          GET  ok   ok   ok   ok   ok   ok   ok   ok
mfa_index                            GET  door ok   ok   ok   ok   ok   ok   ok
mfa_authenticate                     GET  door ok   ok   ok   ok   ok   ok   ok
mfa_reauthenticate                   GET  door no   no   no   no   no   no   no
mfa_activate_totp                    GET  door ok   ok   ok   ok   ok   ok   ok
mfa_deactivate_totp                  GET  door hid  hid  hid  hid  hid  hid  hid
mfa_view_recovery_codes              GET  door hid  hid  hid  hid  hid  hid  hid
mfa_generate_recovery_codes          GET  door ok   ok   ok   ok   ok   ok   ok
mfa_download_recovery_codes          GET  door hid  hid  hid  hid  hid  hid  hid
mfa_list_webauthn                    GET  door ok   ok   ok   ok   ok   ok   ok
mfa_add_webauthn                     GET  door ok   ok   ok   ok   ok   ok   ok
mfa_reauthenticate_webauthn          GET  door no   no   no   no   no   no   no
mfa_remove_webauthn                  GET  door hid  hid  hid  hid  hid  hid  hid
mfa_edit_webauthn                    GET  door hid  hid  hid  hid  hid  hid  hid
mfa_login_webauthn                   GET  door ok   ok   ok   ok   ok   ok   ok
admin:index                          GET  door no   no   no   no   no   no   ok
admin:jsi18n                         GET  door no   no   no   no   no   no   ok
admin:accounts_user_changelist       GET  door no   no   no   no   no   no   ok
admin:accounts_user_change           GET  door no   no   no   no   no   no   ok
admin:accounts_invitation_changelist GET  door no   no   no   no   no   no   ok
admin:accounts_invitation_change     GET  door no   no   no   no   no   no   ok
admin:accounts_apitoken_changelist   GET  door no   no   no   no   no   no   ok
admin:mfa_authenticator_changelist   GET  door no   no   no   no   no   no   ok
admin:accounts_auditevent_changelist GET  door no   no   no   no   no   no   ok
admin:accounts_auditevent_change     GET  door no   no   no   no   no   no   ok
admin:corpus_source_changelist       GET  door no   no   no   no   no   no   ok
admin:corpus_source_change           GET  door no   no   no   no   no   no   ok
admin:corpus_upload_changelist       GET  door no   no   no   no   no   no   ok
admin:corpus_upload_change           GET  door no   no   no   no   no   no   ok
admin:generation_endpoint_changelist GET  door no   no   no   no   no   no   ok
admin:generation_endpoint_change     GET  door no   no   no   no   no   no   ok
admin:generation_run_changelist      GET  door no   no   no   no   no   no   ok
admin:generation_run_change          GET  door no   no   no   no   no   no   ok
admin:judging_judgerun_changelist    GET  door no   no   no   no   no   no   ok
admin:judging_judgerun_change        GET  door no   no   no   no   no   no   ok
admin:app_list                       GET  door no   no   no   no   no   no   ok
api-study-agreement                  GET  door no   no   no   ok   ok   ok   no
files:release                        GET  door no   no   no   ok   ok   ok   no
files:study                          GET  door no   no   no   ok   ok   ok   no
api:domain-list                      GET  door ok   ok   no   ok   ok   ok   no
api:domain-detail                    GET  door ok   ok   no   ok   ok   ok   no
api:strategy-list                    GET  door ok   ok   no   ok   ok   ok   no
api:strategy-detail                  GET  door ok   ok   no   ok   ok   ok   no
api:pair-list                        GET  door ok   ok   no   ok   ok   ok   no
api:pair-list                        POST door ok   no   no   ok   no   no   no
api:pair-detail                      GET  door ok   ok   no   ok   ok   ok   no
api:pair-new-version                 POST door ok   no   no   ok   no   no   no
api:version-list                     GET  door ok   ok   no   ok   ok   ok   no
api:version-detail                   GET  door ok   ok   no   ok   ok   ok   no
api:version-detail                   PUT  door fix  no   no   fix  no   no   no
api:version-approve                  POST door no   fix  no   no   no   no   no
api:version-comment                  POST door fix  fix  no   fix  fix  fix  no
api:version-reject                   POST door no   fix  no   no   no   no   no
api:version-request-changes          POST door no   fix  no   no   no   no   no
api:version-submit                   POST door fix  no   no   fix  no   no   no
api:version-withdraw                 POST door ok   no   no   no   no   no   no
api:version-check                    POST door fix  fix  no   fix  fix  fix  no
api:version-checks                   GET  door ok   ok   no   ok   ok   ok   no
api:version-references               GET  door ok   ok   no   ok   ok   ok   no
api:version-threads                  GET  door ok   ok   no   ok   ok   ok   no
api:version-threads                  POST door fix  fix  no   fix  fix  fix  no
api:thread-list                      GET  door ok   ok   no   ok   ok   ok   no
api:thread-detail                    GET  door ok   ok   no   ok   ok   ok   no
api:thread-answer                    POST door fix  fix  no   fix  no   no   no
api:source-list                      GET  door ok   ok   no   ok   ok   ok   no
api:source-detail                    GET  door ok   ok   no   ok   ok   ok   no
api:prompt-set-list                  GET  door no   no   no   ok   ok   ok   no
api:prompt-set-list                  POST door no   no   no   fix  fix  no   no
api:prompt-set-detail                GET  door no   no   no   ok   ok   ok   no
api:prompt-set-entries               GET  door no   no   no   ok   ok   ok   no
api:prompt-list                      GET  door no   no   no   ok   ok   ok   no
api:prompt-detail                    GET  door no   no   no   ok   ok   ok   no
api:resource-list                    GET  door ok   ok   no   ok   ok   ok   no
api:resource-list                    POST door no   fix  no   fix  no   no   no
api:resource-check                   POST door fix  fix  no   fix  fix  fix  no
api:resource-detail                  GET  door ok   ok   no   ok   ok   ok   no
api:resource-detail                  PUT  door no   fix  no   fix  no   no   no
api:resource-verify                  POST door no   fix  no   fix  no   no   no
api:resource-retire                  POST door no   fix  no   fix  no   no   no
api:endpoint-list                    GET  door no   no   no   ok   ok   ok   no
api:endpoint-list                    POST door no   no   no   no   fix  no   no
api:endpoint-detail                  GET  door no   no   no   ok   ok   ok   no
api:model-list                       GET  door no   no   no   ok   ok   ok   no
api:model-list                       POST door no   no   no   no   fix  no   no
api:model-detail                     GET  door no   no   no   ok   ok   ok   no
api:condition-list                   GET  door no   no   no   ok   ok   ok   no
api:condition-list                   POST door no   no   no   no   fix  no   no
api:condition-detail                 GET  door no   no   no   ok   ok   ok   no
api:run-list                         GET  door no   no   no   ok   ok   ok   no
api:run-list                         POST door no   no   no   no   fix  no   no
api:run-detail                       GET  door no   no   no   ok   ok   ok   no
api:run-cancel                       POST door no   no   no   no   fix  no   no
api:run-resume                       POST door no   no   no   no   fix  no   no
api:run-retry                        POST door no   no   no   no   fix  no   no
api:completion-list                  GET  door no   no   no   ok   ok   ok   no
api:completion-detail                GET  door no   no   no   ok   ok   ok   no
api:server-list                      GET  door no   no   no   ok   ok   ok   no
api:server-list                      POST door no   no   no   no   fix  no   no
api:server-detail                    GET  door no   no   no   ok   ok   ok   no
api:server-start-again               POST door no   no   no   no   ok   no   no
api:server-stop                      POST door no   no   no   no   ok   no   no
api:keeper-list                      GET  door no   no   no   ok   ok   ok   no
api:keeper-detail                    GET  door no   no   no   ok   ok   ok   no
api:rubric-list                      GET  door no   no   ok   ok   ok   ok   no
api:rubric-detail                    GET  door no   no   ok   ok   ok   ok   no
api:study-list                       GET  door no   no   ok   ok   no   ok   no
api:study-list                       POST door no   no   no   fix  no   no   no
api:study-detail                     GET  door no   no   ok   ok   no   ok   no
api:study-close                      POST door no   no   no   ok   no   no   no
api:study-next                       POST door no   no   ok   no   no   no   no
api:study-open                       POST door no   no   no   fix  no   no   no
api:study-plan                       POST door no   no   no   fix  no   no   no
api:study-raters-per-item            POST door no   no   no   fix  no   no   no
api:study-progress                   GET  door no   no   ok   ok   no   ok   no
api:assignment-list                  GET  door no   no   ok   no   no   no   no
api:assignment-detail                GET  door no   no   ok   no   no   no   no
api:assignment-draft                 PUT  door no   no   fix  no   no   no   no
api:assignment-skip                  POST door no   no   fix  no   no   no   no
api:assignment-undo                  POST door no   no   fix  no   no   no   no
api:assignment-submit                POST door no   no   fix  no   no   no   no
api:rating-list                      GET  door no   no   no   ok   no   ok   no
api:rating-detail                    GET  door no   no   no   ok   no   ok   no
api:judge-list                       GET  door no   no   no   ok   ok   ok   no
api:judge-list                       POST door no   no   no   no   fix  no   no
api:judge-detail                     GET  door no   no   no   ok   ok   ok   no
api:judge-score                      POST door no   no   no   no   fix  no   no
api:judge-run-list                   GET  door no   no   no   ok   ok   ok   no
api:judge-run-detail                 GET  door no   no   no   ok   ok   ok   no
api:judge-run-rates                  GET  door no   no   no   ok   ok   ok   no
api:judge-run-cancel                 POST door no   no   no   no   fix  no   no
api:judge-run-resume                 POST door no   no   no   no   fix  no   no
api:judge-run-retry                  POST door no   no   no   no   fix  no   no
api:verdict-list                     GET  door no   no   no   ok   ok   ok   no
api:comparison-list                  GET  door no   no   no   fix  fix  fix  no
api:matchup-list                     GET  door no   no   no   ok   ok   ok   no
api:matchup-list                     POST door no   no   no   no   fix  no   no
api:matchup-detail                   GET  door no   no   no   ok   ok   ok   no
api:matchup-cancel                   POST door no   no   no   no   fix  no   no
api:matchup-resume                   POST door no   no   no   no   fix  no   no
api:matchup-retry                    POST door no   no   no   no   fix  no   no
api:duel-list                        GET  door no   no   no   ok   ok   ok   no
api:report-list                      GET  door no   no   no   ok   ok   ok   no
api:report-list                      POST door no   no   no   fix  fix  fix  no
api:report-detail                    GET  door no   no   no   ok   ok   ok   no
api:report-again                     POST door no   no   no   ok   ok   ok   no
api:panel-list                       GET  door no   no   no   ok   ok   ok   no
api:panel-list                       POST door no   no   no   no   fix  no   no
api:panel-detail                     GET  door no   no   no   ok   ok   ok   no
api:panel-score                      POST door no   no   no   no   fix  no   no
api:release-list                     GET  door no   no   no   ok   ok   ok   no
api:release-list                     POST door no   no   no   fix  no   no   no
api:release-detail                   GET  door no   no   no   ok   ok   ok   no
api:release-withdraw                 POST door no   no   no   fix  no   no   no
api:study-file-detail                GET  door no   no   no   ok   ok   ok   no
schema                               GET  door ok   ok   ok   ok   ok   ok   ok
api-docs                             GET  door ok   ok   ok   ok   ok   ok   ok
livez                                GET  ok   ok   ok   ok   ok   ok   ok   ok
readyz                               GET  ok   ok   ok   ok   ok   ok   ok   ok
"""


def rows() -> dict[tuple[str, str], tuple[str, ...]]:
    """(address, method) -> what each role is told."""
    lines = [line.split() for line in TABLE.splitlines() if line.strip()]
    return {(name, method): tuple(told) for name, method, *told in lines}


def test_the_table_has_a_row_for_every_address_and_method() -> None:
    there = {(route.name, method) for route in routes() for method in route.methods}
    known = set(rows())
    assert not there - known, "say in TABLE who may open these"
    assert not known - there, "take these out of TABLE: they are not there any more"
    assert {len(told) for told in rows().values()} == {len(ROLES)}


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> World:
    monkeypatch.setattr("generation.bell._send", lambda *message: None)
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    return build()


@pytest.mark.parametrize("role", ROLES)
def test_everybody_is_told_what_the_table_says(world: World, role: str) -> None:
    at = ROLES.index(role)
    table = rows()
    found = {
        (route.name, method): kind(ask(world, role, route, method))
        for route in routes()
        for method in route.methods
    }
    wrong = [
        f"{name} {method}: {told}, not {table[name, method][at]}"
        for (name, method), told in found.items()
        if (name, method) in table and table[name, method][at] != told
    ]
    assert not wrong, "\n".join(wrong)


# Somebody else of the very same role: what belongs to one person is not there for another.
OWN = """
corpus:edit            GET  author hid
corpus:save            POST author hid
corpus:upload          GET  curator hid
corpus:discard_upload  POST curator hid
annotation:submit      POST rater  hid
annotation:skip        POST rater  hid
annotation:flag_item   GET  rater  hid
annotation:reply_to_flag POST rater hid
annotation:room        GET  rater  hid
annotation:room_item   POST rater  hid
annotation:draft       POST rater  hid
annotation:undo        POST rater  hid
annotation:practice_item POST rater hid
api:version-detail     PUT  author no
api:version-submit     POST author no
api:version-withdraw   POST author no
api:assignment-detail  GET  rater  hid
api:assignment-draft   PUT  rater  hid
api:assignment-submit  POST rater  hid
api:assignment-skip    POST rater  hid
api:assignment-undo    POST rater  hid
"""


@pytest.mark.parametrize("line", OWN.strip().splitlines(), ids=lambda line: line.split()[0])
def test_one_persons_work_is_closed_to_another_of_the_same_role(world: World, line: str) -> None:
    name, method, role, told = line.split()
    route = next(route for route in routes() if route.name == name)
    other = person(role)
    assert kind(ask(world, role, route, method, by=world.people[role])) in ("ok", "fix")
    assert kind(ask(world, role, route, method, by=other)) == told


def ask(
    world: World, role: str, route: Route, method: str, by: User | None = None
) -> HttpResponseBase:
    """The answer to an empty request; whatever it changes is taken back."""
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        if role != "anonymous":
            client.force_login(by or world.people[role])
        send = getattr(client, method.lower())
        if method == "GET":
            answer = send(address(world, route))
        elif route.path.startswith("/api/"):
            body = {"token": "t", "lock_version": 1} if by else {}
            key = {"Idempotency-Key": "k"}
            answer = send(address(world, route), body, content_type="application/json", headers=key)
        else:
            answer = send(address(world, route), {"csrfmiddlewaretoken": "any"})
        transaction.set_rollback(True)
    return answer


def address(world: World, route: Route) -> str:
    """With the arguments of an object that is there; what nobody has is called 1."""
    known = world.places.get(route.name, {})
    needed = set(arguments(route.path))
    if route.name.startswith("api:") and needed and not known:
        kinds = [kind for kind in world.objects if route.name[4:].startswith(f"{kind}-")]
        known = dict.fromkeys(needed, world.objects[max(kinds, key=len)])
    return reverse(route.name, kwargs={name: known.get(name, "1") for name in needed} or None)


def arguments(path: str) -> Iterator[str]:
    for part in path.replace("(?P", "").split("<")[1:]:
        yield part.split(">")[0].split(":")[-1]


def kind(answer: HttpResponseBase) -> str:
    """The word of the table."""
    match answer.status_code:
        case 401:
            return "door"
        case 302 if "/you/login/" in answer.headers["Location"]:
            return "door"
        case 200 | 201 | 204 | 301 | 302:
            return "ok"
        case 400 | 409 | 410 | 422:
            return "fix"
        case 403:
            return "no"
        case 404:
            return "hid"
    return str(answer.status_code)
