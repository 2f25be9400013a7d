"""People: sign-in by e-mail, roles, invitations, API tokens, audit events."""
