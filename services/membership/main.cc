#include "common/rpc/serve.h"
#include "services/membership/service.h"

int main(int argc, char** argv) { return partnerskap::Serve(partnerskap::membership::Definition(), argc, argv); }
