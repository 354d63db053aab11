"""nginx, as the anchor (it answers everybody alike) and as a rival that does the same work."""

import world

# Where the fields of a click come from. One expression each, most frequent first, compiled.
AGENTS = r"""
    map $http_user_agent $device {
        default desktop;
        "~*bot\b|bot[/;]|crawl|spider|slurp|embedly|sqwatcher|preview|fetch|monitor|python|curl|java/" bot;
        "~iPad|Tablet|Android(?!.*Mobile)" tablet;
        "~Mobile|iPhone" mobile;
        "~SmartTV|SMART-TV|AppleTV|GoogleTV|BRAVIA" tv;
    }
    map $http_user_agent $os {
        default other;
        "~iPhone|iPad" iOS;
        "~Android" Android;
        "~Windows" Windows;
        "~Mac OS X" macOS;
        "~CrOS" ChromeOS;
        "~Linux" Linux;
    }
    map $http_user_agent $os_version {
        default "";
        "~(?:iPhone OS|CPU OS|Mac OS X|Android|Windows NT) (?<told_os>[\d._]+)" $told_os;
    }
    map $http_user_agent $browser {
        default other;
        "~Edg" Edge;
        "~OPR/" Opera;
        "~Firefox/" Firefox;
        "~CriOS|Chrome/" Chrome;
        "~GSA/" Google;
        "~Version/.* Safari/" Safari;
    }
    map $http_user_agent $browser_version {
        default "";
        "~(?:Edg|OPR|Firefox|CriOS|Chrome|GSA|Version)/(?<told_browser>[\d.]+)" $told_browser;
    }
    map $http_referer $referrer_domain {
        default "";
        "~^https?://(?:www\.)?(?<told_domain>[^/:?#]+)" $told_domain;
    }
"""

# The four rules, each read only where those before it do not hold.
RULES = r"""
    map $country$device$os $first {
        default $second;
        USmobileiOS ios;
    }
    map $country-$region $second {
        default $second_country;
        STATES
    }
    map $country $second_country {
        default $third;
        COUNTRIES
    }
    map $http_accept_language $third {
        default $third_referrer;
        "~*(?:^|,)\s*pt\b" partner;
    }
    map $referrer_domain $third_referrer {
        default $fourth;
        "~(?:^|\.)PARTNER$" partner;
    }
    map $browser$device $fourth {
        default all;
        Firefoxdesktop firefox;
    }
    map $first $location {
        TARGETS
    }
"""

COMMON = """
daemon off;
worker_processes 1;
pid {folder}/{name}.pid;
error_log {folder}/{name}.log warn;
pcre_jit on;
{load}
events {{
    worker_connections 1024;
    multi_accept on;
}}
http {{
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    client_body_temp_path {folder}/{name}-body;
    proxy_temp_path {folder}/{name}-proxy;
    fastcgi_temp_path {folder}/{name}-fastcgi;
    uwsgi_temp_path {folder}/{name}-uwsgi;
    scgi_temp_path {folder}/{name}-scgi;
"""


def anchor(folder, port):
    """`return 302`, and nothing else."""
    head = COMMON.format(folder=folder, name="anchor", load="")
    return f"""{head}
    server {{
        listen 127.0.0.1:{port};
        location / {{ return 302 https://example.com/; }}
    }}
}}
"""


def rival(folder, port, slugs, module):
    """Every link, the place, the agent, the four rules and a line of what a click keeps."""
    head = COMMON.format(folder=folder, name="rival", load=f"load_module {module};")
    named = (*world.OUTCOMES, world.OTHER)
    return f"""{head}
    map_hash_max_size 262144;
    map_hash_bucket_size 128;
    variables_hash_max_size 2048;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
    geoip2 {world.GEO} {{
        $country country iso_code;
        $region subdivisions 0 iso_code;
        $city city names en;
    }}
{AGENTS}
{rules()}
{"".join(targets(told, slugs) for told in named)}
    log_format click '$msec $uri $status $first $device $os $os_version $browser $browser_version '
        '$country $region "$city" "$http_accept_language" "$http_referer" $referrer_domain '
        '$remote_addr "$http_user_agent"';
    server {{
        listen 127.0.0.1:{port};
        access_log {folder}/clicks.log click buffer=256k flush=1s;
        add_header Cache-Control "private, no-store";
        add_header Referrer-Policy "strict-origin-when-cross-origin";
        add_header X-Robots-Tag "noindex";
        location / {{
            if ($location = "") {{ return 404; }}
            return 302 $location;
        }}
    }}
}}
"""


def rules():
    named = (*world.OUTCOMES, world.OTHER)
    filled = {
        "STATES": " ".join(f"US-{state} near;" for state in world.STATES),
        "COUNTRIES": " ".join(f"{country} near;" for country in sorted(world.NEAR)),
        "PARTNER": world.PARTNER.replace(".", r"\."),
        "TARGETS": " ".join(f"{told} $to_{told};" for told in named),
    }
    text = RULES
    for name, value in filled.items():
        text = text.replace(name, value)
    return text


def targets(told, slugs):
    """Where each slug leads those of one outcome."""
    rows = "\n".join(f'        /{slug} "{world.destination(slug, told)}";' for slug in slugs)
    return f"""
    map $uri $to_{told} {{
        default "";
{rows}
    }}
"""
