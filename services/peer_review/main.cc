#include "common/rpc/serve.h"
#include "services/peer_review/service.h"

int main(int argc, char** argv) { return partnerskap::Serve(partnerskap::peer_review::Definition(), argc, argv); }
