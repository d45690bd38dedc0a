#include "common/rpc/serve.h"
#include "services/scheduling/service.h"

int main(int argc, char** argv) { return partnerskap::Serve(partnerskap::scheduling::Definition(), argc, argv); }
