package signin

import azlog "github.com/Azure/azure-sdk-for-go/sdk/azcore/log"

// Quiet keeps Microsoft's SDK from writing to standard error, which AZURE_SDK_GO_LOGGING=all would make it do, over the
// console and with whatever it holds. It sets something global in that SDK: a process calls it once, before all else.
func Quiet() { azlog.SetListener(nil) }
