"""Gives a cluster a user who logs in with SCRAM: add_scram_user.py BROKERS USER. The password is on standard input."""

import sys

from confluent_kafka.admin import AdminClient, ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion

brokers, user = sys.argv[1:]
password = sys.stdin.read().encode()
admin = AdminClient({"bootstrap.servers": brokers})
for mechanism in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512):
    credential = ScramCredentialInfo(mechanism, 4096)
    for change in admin.alter_user_scram_credentials([UserScramCredentialUpsertion(user, credential, password)]).values():
        change.result(30)
