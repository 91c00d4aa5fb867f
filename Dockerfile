# Twinlog in a small image: the binary carries the Swift runtime, so that the second stage needs only shared C libraries.
#
#   docker build -t twinlog .
#   docker run --rm -p 127.0.0.1:9092:9092 -p 127.0.0.1:9192:9192 -p 127.0.0.1:8090:8090 twinlog

FROM swift:6.3-bookworm AS build
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        make zlib1g-dev liblz4-dev libzstd-dev libsnappy-dev libyaml-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make build

FROM debian:bookworm-slim
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        libstdc++6 zlib1g liblz4-1 libzstd1 libsnappy1v5 libyaml-0-2 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin twinlog \
    && install -d -o twinlog -g twinlog /data
COPY --from=build /src/.build/release/twinlog /usr/local/bin/twinlog
USER twinlog
VOLUME /data
EXPOSE 9092 9192 8090
STOPSIGNAL SIGTERM
# bash opens the connection itself: the image has no HTTP client.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8090 && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == *' 200 '* ]]"]
ENTRYPOINT ["twinlog"]
# Inside a container every interface must be listened on; what reaches them is what `docker run -p` publishes.
# Clients are told `localhost`, which is right behind published ports; give --advertise for another name.
CMD ["serve", "--data-dir", "/data", "--listen", "0.0.0.0", "--allow-remote", "--advertise", "localhost"]
