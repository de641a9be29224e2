/** A token captures a stack trace when it is made; under jest's source maps that is 36 times the cost of all else. */
jest.mock("cdktf/lib/tokens/private/stack-trace", () => ({ captureStackTrace: () => [] }));
