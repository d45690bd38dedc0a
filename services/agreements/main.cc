#include "common/rpc/serve.h"
#include "services/agreements/service.h"

int main(int argc, char** argv) { return partnerskap::Serve(partnerskap::agreements::Definition(), argc, argv); }
