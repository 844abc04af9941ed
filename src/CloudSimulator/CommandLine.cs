namespace CloudSimulator;

/// <summary>The simulator's own switches; everything else on the command line is ordinary .NET configuration (<c>--urls</c>, <c>--Simulator:JobSeconds</c>).</summary>
/// <param name="AllowAnyAddress">Listen on addresses that other machines can reach.</param>
/// <param name="StopWhenInputEnds">Stop when standard input closes, so that the simulator never outlives the program that started it.</param>
/// <param name="ForConfiguration">The arguments without the two switches.</param>
sealed record CommandLine(bool AllowAnyAddress, bool StopWhenInputEnds, string[] ForConfiguration)
{
    const string AnyAddressSwitch = "--allow-any-address";
    const string InputSwitch = "--stop-when-input-ends";

    /// <summary>Takes the switches out: a configuration provider would read the argument after a bare switch as its value.</summary>
    public static CommandLine Parse(string[] args) =>
        new(args.Contains(AnyAddressSwitch), args.Contains(InputSwitch), [.. args.Where(a => a is not (AnyAddressSwitch or InputSwitch))]);

    /// <summary>Ends the program when whoever holds the other end of standard input is gone.</summary>
    public static void EndWithInput(IHostApplicationLifetime lifetime) =>
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            lifetime.StopApplication();
        });
}
