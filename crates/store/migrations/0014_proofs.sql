-- By what members prove who they are, beside their password.

-- What makes the codes of a member's authenticator app.
create table authenticators (
    member_id  bigint  not null primary key references members (id),
    -- Twenty random bytes, as they are: whoever reads the database can make codes.
    secret     {bytes} not null,
    -- The half minute of the newest code that was taken; no code of it or of an earlier one is good.
    step       bigint,
    created_at bigint  not null,
    -- From when on a code is asked for; none until the first one was right.
    since      bigint
);

-- Codes for who has lost their authenticator; each is good once, and gone then.
create table recovery_codes (
    member_id bigint  not null references members (id),
    -- SHA-256.
    hash      {bytes} not null,
    primary key (member_id, hash)
) {clustered};

create table passkeys (
    id           {id}    not null primary key,
    member_id    bigint  not null references members (id),
    -- The id that the authenticator gave it.
    credential   {bytes} not null,
    -- Its public key as it came, in COSE's form.
    public_key   {bytes} not null,
    -- How often the authenticator says it has signed; 0 where it does not count.
    counter      bigint  not null,
    name         text    not null,
    created_at   bigint  not null,
    last_used_at bigint
);
create unique index passkeys_credential on passkeys (credential);
create index passkeys_member_id on passkeys (member_id);

-- Challenges that were answered and are not yet over: none is answered twice.
create table used_challenges (
    challenge  {bytes} not null primary key,
    expires_at bigint  not null
);
create index used_challenges_expires_at on used_challenges (expires_at);
