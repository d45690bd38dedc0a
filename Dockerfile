# One image with all binaries; docker-compose.yml says which of them a container runs.
FROM debian:bookworm-slim AS build
COPY deploy/packages/build /packages
RUN apt-get update \
 && sed 's/#.*//' /packages | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# What is compiled and nothing else: a changed page or test does not compile anything anew.
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY protos protos
COPY common common
COPY services services
COPY cli cli
COPY deploy/CMakeLists.txt deploy/
COPY deploy/certs deploy/certs
COPY deploy/health deploy/health
COPY deploy/package deploy/package
RUN cmake --preset release -DPARTNERSKAP_BUILD_TESTS=OFF \
 && cmake --build --preset release --target binaries \
 && strip build/bin/*

FROM debian:bookworm-slim
COPY deploy/packages/runtime deploy/packages/edge /packages/
RUN apt-get update \
 && sed 's/#.*//' /packages/* | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /usr/share/doc/* /usr/share/man/* /packages
# A volume takes owner and mode from the folder that it is mounted over the first time.
RUN useradd --system --uid 10001 --user-group --home-dir /state --shell /usr/sbin/nologin partnerskap \
 && for folder in authority clients edge membership agreements scheduling peer_review; do \
      install -d -o partnerskap -g partnerskap -m 0700 "/state/$folder" || exit 1; \
    done
COPY --from=build /src/build/bin/ /usr/local/bin/
COPY deploy/roles.textproto /etc/partnerskap/roles.textproto
COPY deploy/edge/ /etc/partnerskap/edge/
RUN ln -s /state/edge/tls /etc/partnerskap/edge/tls
# `partnerskap report`, `apply` and `load-register` name these by paths from the folder that holds them.
COPY examples /usr/share/partnerskap/examples
COPY services/membership/data /usr/share/partnerskap/services/membership/data
USER 10001:10001
WORKDIR /usr/share/partnerskap
CMD ["partnerskap", "--help"]
