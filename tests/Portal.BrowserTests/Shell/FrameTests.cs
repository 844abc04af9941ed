namespace Portal.BrowserTests.Shell;

/// <summary>What the frame of the pages, the dialogs over them and the names in them do, as a browser lays them out.</summary>
public sealed class FrameTests(PortalFixture fixture) : BrowserTest(fixture)
{
    /// <summary>The colour of two pixels of a picture: near its right edge, and a little further in.</summary>
    const string ColoursAtTheRight = """
        async picture => {
            const image = new Image();
            image.src = 'data:image/png;base64,' + picture;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
            canvas.drawImage(image, 0, 0);
            return [image.width - 3, image.width - 24].map(x => canvas.getImageData(x, image.height - 200, 1, 1).data).map(colour => [...colour].slice(0, 3));
        }
        """;

    [Theory]
    [InlineData(null, "/signin", 1440)]
    [InlineData("Operator", "/approvals", 1440)]
    [InlineData("Developer", "/requests/new", 1440)]
    [InlineData("Developer", "/requests?q=nothing-is-called-so", 1440)]
    [InlineData("Developer", "/requests?q=nothing-is-called-so", 390)]
    public async Task Page_whose_content_fits_the_window_does_not_scroll(string? persona, string path, int width)
    {
        var person = persona is null ? await ArriveAsync() : await SignInAsync(persona);
        await person.Page.SetViewportSizeAsync(width, 900);
        await person.Page.GotoAsync(path);
        await person.Page.Locator("h1").First.WaitForAsync();
        await Expect(person.Page.Locator(".skeleton")).ToHaveCountAsync(0);
        await Expect(person.Page.Locator(".environment-strip")).ToBeVisibleAsync();

        Assert.Equal(900, await person.Page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Open_dialog_dims_the_whole_window_and_moves_nothing(ColorScheme scheme)
    {
        var operations = (await SignInAsync("Operator", "/operations")).Page;
        await operations.EmulateMediaAsync(new() { ColorScheme = scheme });
        await Expect(operations.Locator(".skeleton")).ToHaveCountAsync(0);
        var before = await PlacesAsync(operations);
        var undimmed = await ColoursAsync(operations);

        await operations.Button("Start maintenance").ClickAsync();
        await Expect(operations.Locator(".rz-dialog-mask")).ToBeVisibleAsync();

        Assert.Equal(before, await PlacesAsync(operations));
        var dimmed = await ColoursAsync(operations);
        Assert.NotEqual(undimmed[1], dimmed[1]);
        // Colours are mixed in two ways, which may round differently.
        Assert.All(dimmed[0].Zip(dimmed[1]), pair => Assert.InRange(pair.First, pair.Second - 2, pair.Second + 2));
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Names_in_what_will_be_sent_stay_whole_and_are_copied_as_they_are(int width)
    {
        var form = (await SignInAsync("Developer")).Page;
        await form.SetViewportSizeAsync(width, 900);
        await form.FillRuleAsync("team-a/backend/order-api", "cn-east-3", "team-a-dr");
        await form.Button("Check").ClickAsync();
        await form.Locator("aside pre").First.WaitForAsync();

        var broken = await form.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('aside .whole-name')].filter(name => { const range = document.createRange(); range.selectNodeContents(name); return range.getClientRects().length > 1; }).map(name => name.textContent)");
        Assert.Empty(broken);
        foreach (var code in await form.Locator("aside pre code").AllAsync())
        {
            var text = await code.EvaluateAsync<string>("code => code.textContent");
            Assert.Contains("/cn-north-4/v2/manage/namespaces/team-a/repos/backend$order-api/sync_repo", text, StringComparison.Ordinal);
            Assert.Equal(text, await code.EvaluateAsync<string>("code => code.innerText"));
            Assert.Equal(text, await code.EvaluateAsync<string>("code => { getSelection().selectAllChildren(code); return getSelection().toString(); }"));
            Assert.True(await code.EvaluateAsync<double>("code => code.getClientRects().length") > text.Split('\n').Length, "Nothing had to break.");
        }
    }

    static Task<string> PlacesAsync(IPage page) =>
        page.EvaluateAsync<string>("JSON.stringify([...document.querySelectorAll('h1, .brand, .person, main, .nav')].map(part => part.getBoundingClientRect()))");

    static async Task<int[][]> ColoursAsync(IPage page)
    {
        var picture = await page.ScreenshotAsync();
        // A page of its own, because the portal's lets no script make pictures of data.
        var look = await page.Context.NewPageAsync();
        var colours = await look.EvaluateAsync<int[][]>(ColoursAtTheRight, Convert.ToBase64String(picture));
        await look.CloseAsync();
        return colours;
    }
}
