#include "cli/commands.h"

int main(int argc, char** argv) { return partnerskap::cli::Run(argc, argv); }
