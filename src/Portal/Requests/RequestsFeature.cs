using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Portal.Kinds;

namespace Portal.Requests;

/// <summary>Settings of the section <c>Requests</c>.</summary>
public sealed class RequestsOptions
{
    /// <summary>Whether, and when, a mirror sync may be given a user name and password.</summary>
    public MirrorPasswords MirrorPasswords { get; init; }

    /// <summary>The folder of the keys that logins wait sealed with: shared by all nodes, for the portal's user alone, and in no backup.</summary>
    public string DayKeyFolder { get; init; } = "";

    /// <summary>How long a sealed login waits at most, in hours; a day after that even what is left of it in backups cannot be opened.</summary>
    [Range(1, 24 * 30, ErrorMessage = "Requests:LoginHoldHours must be between 1 and 720.")]
    public double LoginHoldHours { get; init; } = 72;

    /// <summary><see cref="LoginHoldHours"/> as a time.</summary>
    public TimeSpan LoginHold => TimeSpan.FromHours(LoginHoldHours);

    /// <summary>How long after an approval its calls may be sent, and sent again, in hours.</summary>
    [Range(0.01, 24 * 30, ErrorMessage = "Requests:ApprovalValidHours must be between 0.01 and 720.")]
    public double ApprovalValidHours { get; init; } = 24;

    /// <summary><see cref="ApprovalValidHours"/> as a time.</summary>
    public TimeSpan ApprovalValid => TimeSpan.FromHours(ApprovalValidHours);
}

/// <summary>Where people work, logins wait sealed only with keys that all nodes can reach and that outlast a restart.</summary>
sealed class DayKeyRules(IHostEnvironment environment) : IValidateOptions<RequestsOptions>
{
    public ValidateOptionsResult Validate(string? name, RequestsOptions options) =>
        options.MirrorPasswords == MirrorPasswords.Sealed && options.DayKeyFolder.Length == 0 && !environment.IsDevelopment()
            ? ValidateOptionsResult.Fail(
                "Requests:MirrorPasswords is Sealed and Requests:DayKeyFolder is empty: name a folder that all nodes share and no backup takes, or use AfterApproval.")
            : ValidateOptionsResult.Success;
}

/// <summary>Asking, following and withdrawing.</summary>
public static class RequestsFeature
{
    /// <summary>Adds the services of requests.</summary>
    public static IServiceCollection AddRequests(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration.GetValue<bool?>("Requests:AllowMirrorPasswords") is true)
        {
            throw new RefusedSettingException(
                "Requests:AllowMirrorPasswords is now Requests:MirrorPasswords: AfterApproval (typed after the approval, never stored) or Sealed (as before). Set that one.");
        }

        services.AddSingleton<IValidateOptions<RequestsOptions>, DayKeyRules>();
        services.AddOptions<RequestsOptions>().Bind(configuration.GetSection("Requests")).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<DayKeys>().AddSingleton<LoginSeal>().AddSingleton<LoginSweeper>().AddSingleton<GivenLogins>().AddSingleton<GiveLoginService>()
            .AddSingleton<RequestService>().AddSingleton<RequestReader>().AddSingleton<FollowUpService>();
    }
}
